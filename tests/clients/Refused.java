import java.io.FileInputStream;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * PROPERTIES TOPIC GROUP REFUSED: a transaction with a record that is refused, one with an offset whose metadata is,
 * and one with nothing of that kind, by one producer. Tells for each "committed" or what was thrown.
 */
public final class Refused {
    private Refused() {}

    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            properties.load(file);
        }
        String topic = arguments[1];
        String refused = arguments[3];
        var partition = new TopicPartition(topic, 0);
        var serializer = new StringSerializer();
        var deserializer = new StringDeserializer();
        properties.put("group.id", arguments[2]);
        try (var producer = new KafkaProducer<String, String>(properties, serializer, serializer);
                var consumer = new KafkaConsumer<String, String>(properties, deserializer, deserializer)) {
            var group = consumer.groupMetadata();
            producer.initTransactions();
            attempt(producer, () -> {
                producer.send(new ProducerRecord<>(topic, 0, null, "first"));
                producer.send(new ProducerRecord<>(topic, 0, null, refused));
            });
            attempt(producer, () -> {
                producer.send(new ProducerRecord<>(topic, 0, null, "second"));
                producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5, refused)), group);
            });
            attempt(producer, () -> {
                producer.send(new ProducerRecord<>(topic, 0, null, "third"));
                producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7, "seen")), group);
            });
        }
    }

    private static void attempt(KafkaProducer<String, String> producer, Work work) throws Exception {
        producer.beginTransaction();
        try {
            work.run();
            producer.commitTransaction();
            System.out.println("told committed");
        } catch (KafkaException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            System.out.println("told " + cause.getClass().getSimpleName());
            producer.abortTransaction();
        }
    }
}
