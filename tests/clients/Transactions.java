import java.io.FileInputStream;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** PROPERTIES TOPIC GROUP: commits one transaction with an offset of the group, aborts one, commits another. */
public final class Transactions {
    private Transactions() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            properties.load(file);
        }
        String topic = arguments[1];
        String group = arguments[2];
        var serializer = new StringSerializer();
        var deserializer = new StringDeserializer();
        properties.put("group.id", group);
        try (var producer = new KafkaProducer<String, String>(properties, serializer, serializer);
                var consumer = new KafkaConsumer<String, String>(properties, deserializer, deserializer)) {
            producer.initTransactions();

            producer.beginTransaction();
            send(producer, topic, "committed");
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(5)), consumer.groupMetadata());
            producer.commitTransaction();

            producer.beginTransaction();
            send(producer, topic, "aborted");
            producer.flush();
            producer.abortTransaction();

            producer.beginTransaction();
            send(producer, topic, "later");
            producer.commitTransaction();
        }
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String value) {
        for (int i = 0; i < 10; i++) {
            producer.send(new ProducerRecord<>(topic, 0, null, value + "-" + i));
        }
    }
}
