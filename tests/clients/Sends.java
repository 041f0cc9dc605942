import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * PROPERTIES TOPIC: sends each line of standard input without waiting, then tells for each the offset or the error,
 * in lines that start with "told".
 */
public final class Sends {
    private Sends() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            properties.load(file);
        }
        var serializer = new StringSerializer();
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                var producer = new KafkaProducer<String, String>(properties, serializer, serializer)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                sent.add(producer.send(new ProducerRecord<>(arguments[1], 0, null, line)));
            }
            for (Future<RecordMetadata> one : sent) {
                try {
                    System.out.println("told " + one.get().offset());
                } catch (ExecutionException failed) {
                    System.out.println("told " + failed.getCause().getClass().getSimpleName());
                }
            }
        }
    }
}
