import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The clients of tools/bench.py that Kafka's own performance tools have no match for.
 *
 * <ul>
 *   <li>{@code consume BOOTSTRAP TOPIC PARTITIONS RECORDS}: reads so many records with assigned partitions, so without a
 *       group; prints {@code DONE records bytes seconds}, the seconds from the first record to the last.
 *   <li>{@code small BOOTSTRAP TOPIC WARM_UP SECONDS SIZE}: one Produce request with one record at a time; prints
 *       {@code WARM} and {@code CLOSED} around the measured window, then {@code DONE requests seconds p50 p99} with
 *       latencies in microseconds.
 * </ul>
 */
public class BenchClients {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("consume")) {
            consume(args[1], args[2], Integer.parseInt(args[3]), Long.parseLong(args[4]));
        } else {
            small(args[1], args[2], Double.parseDouble(args[3]), Double.parseDouble(args[4]), Integer.parseInt(args[5]));
        }
    }

    private static void consume(String bootstrap, String topic, int partitions, long wanted) {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        List<TopicPartition> assigned = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            assigned.add(new TopicPartition(topic, partition));
        }
        long records = 0;
        long bytes = 0;
        long first = 0;
        long last = 0;
        long deadline = System.nanoTime() + 120_000_000_000L;
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            while (records < wanted && System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    records++;
                    bytes += record.value().length;
                }
                last = System.nanoTime();
                if (first == 0 && records > 0) {
                    first = last;
                }
            }
        }
        System.out.printf("DONE %d %d %.6f%n", records, bytes, (last - first) / 1e9);
    }

    private static void small(String bootstrap, String topic, double warmUp, double seconds, int size) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("acks", "all");
        config.put("linger.ms", "0");
        config.put("batch.size", "1");
        config.put("max.in.flight.requests.per.connection", "1");
        byte[] value = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
        long[] micros = new long[4_000_000];
        int count = 0;
        PrintStream out = System.out;
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            long open = System.nanoTime() + (long) (warmUp * 1e9);
            long close = open + (long) (seconds * 1e9);
            boolean measuring = false;
            for (long now = System.nanoTime(); now < close; ) {
                if (!measuring && now >= open) {
                    measuring = true;
                    out.println("WARM");
                }
                long begun = System.nanoTime();
                producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
                now = System.nanoTime();
                if (measuring && count < micros.length) {
                    micros[count++] = (now - begun) / 1000;
                }
            }
            out.println("CLOSED");
        }
        long[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        out.printf("DONE %d %.3f %d %d%n", count, seconds, sorted[count / 2], sorted[(int) (count * 0.99)]);
    }
}
