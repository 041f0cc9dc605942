import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Kafka's own record classes as a writer ("write") and a reader ("read") of record batches.
 *
 * One line per batch, "batch NAME BASE64 HEADER", and one per record of it,
 * "record OFFSET TIMESTAMP KEY VALUE NAME=VALUE...", bytes in base64 behind a dot, null as "-".
 * "read" takes base64 lines on standard input; what Kafka refuses becomes "error CLASS".
 */
public class BatchVectors {
    private static final long TIME = 1_700_000_000_123L;
    private static final long PRODUCER = 4_711L;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) {
            write();
        } else {
            read();
        }
    }

    // --- writing ---------------------------------------------------------------------------------------------

    private static void write() {
        for (CompressionType type : CompressionType.values()) {
            Compression codec = Compression.of(type).build();
            String name = type.name;
            print("mixed-" + name, MemoryRecords.withRecords(7L, codec, 3, mixed()));
            print("one-empty-" + name, MemoryRecords.withRecords(codec, new SimpleRecord(TIME, new byte[0], new byte[0])));
            print("compressible-" + name, MemoryRecords.withRecords(codec, compressible(300)));
            print("random-" + name, MemoryRecords.withRecords(codec, random(5)));
            print("append-time-" + name, appendTime(codec));
            print("idempotent-" + name, MemoryRecords.withIdempotentRecords(codec, PRODUCER, (short) 2, 17, mixed()));
            print("transactional-" + name,
                MemoryRecords.withTransactionalRecords(codec, PRODUCER, (short) 2, 17, mixed()));
            print("delete-horizon-" + name, deleteHorizon(codec));
            print("gaps-" + name, gaps(codec));
        }
        print("commit", MemoryRecords.withEndTransactionMarker(
            90L, TIME, 3, PRODUCER, (short) 2, new EndTransactionMarker(ControlRecordType.COMMIT, 12)));
        print("abort", MemoryRecords.withEndTransactionMarker(
            91L, TIME, 3, PRODUCER, (short) 2, new EndTransactionMarker(ControlRecordType.ABORT, 12)));
        print("emptied", emptied());
        for (byte magic : new byte[] {RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1}) {
            print("old" + magic + "-none", MemoryRecords.withRecords(magic, Compression.NONE, compressible(3)));
            print("old" + magic + "-gzip", MemoryRecords.withRecords(magic, Compression.gzip().build(), compressible(3)));
        }
    }

    private static SimpleRecord[] mixed() {
        Header[] headers = {
            new RecordHeader("trace", utf8("a-b-c")),
            new RecordHeader("trace", null),
            new RecordHeader("", new byte[0]),
            new RecordHeader("größe", new byte[] {0, 1, (byte) 0xff}),
        };
        return new SimpleRecord[] {
            new SimpleRecord(TIME, utf8("key"), utf8("{\"v\":1}")),
            new SimpleRecord(TIME - 5_000, null, utf8("earlier than the first")),
            new SimpleRecord(TIME + 90_000_000_000L, utf8("tombstone"), null),
            new SimpleRecord(TIME, (byte[]) null, null),
            new SimpleRecord(TIME + 1, utf8("with headers"), utf8("value"), headers),
            new SimpleRecord(TIME + 2, (byte[]) null, null, headers),
            new SimpleRecord(TIME + 3, new byte[200], new byte[9_000]),
        };
    }

    private static SimpleRecord[] compressible(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            String value = "{\"id\":" + i + ",\"name\":\"" + "abc ".repeat(60) + "\"}";
            records[i] = new SimpleRecord(TIME + i, i % 3 == 0 ? null : utf8("k" + i), utf8(value));
        }
        return records;
    }

    private static SimpleRecord[] random(int count) {
        Random source = new Random(1);
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[600];
            source.nextBytes(value);
            records[i] = new SimpleRecord(TIME + i, null, value);
        }
        return records;
    }

    private static MemoryRecords appendTime(Compression codec) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(512), RecordBatch.MAGIC_VALUE_V2, codec,
            TimestampType.LOG_APPEND_TIME, 5L, TIME + 700);
        builder.append(TIME, utf8("a"), utf8("1"));
        builder.append(TIME, utf8("b"), utf8("2"));
        return builder.build();
    }

    private static MemoryRecords deleteHorizon(Compression codec) {
        MemoryRecordsBuilder builder = new MemoryRecordsBuilder(new ByteBufferOutputStream(512),
            RecordBatch.MAGIC_VALUE_V2, codec, TimestampType.CREATE_TIME, 20L, 0L, RecordBatch.NO_PRODUCER_ID,
            RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false, false, 1, Integer.MAX_VALUE, TIME + 86_400_000L);
        builder.appendWithOffset(20L, TIME, utf8("gone"), null);
        builder.appendWithOffset(23L, TIME + 9, utf8("kept"), utf8("value"));
        return builder.build();
    }

    private static MemoryRecords gaps(Compression codec) {
        MemoryRecordsBuilder builder =
            MemoryRecords.builder(ByteBuffer.allocate(512), codec, TimestampType.CREATE_TIME, 100L);
        for (long offset : new long[] {102, 103, 170, 1_000, 20_000}) {
            builder.appendWithOffset(offset, TIME + offset, utf8("k"), utf8("v" + offset));
        }
        builder.overrideLastOffset(20_100L);
        return builder.build();
    }

    private static MemoryRecords emptied() {
        ByteBuffer buffer = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        DefaultRecordBatch.writeEmptyHeader(buffer, RecordBatch.MAGIC_VALUE_V2, PRODUCER, (short) 2, 17, 60L, 69L, 3,
            TimestampType.CREATE_TIME, TIME, true, false);
        buffer.flip();
        return MemoryRecords.readableRecords(buffer);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- reading ---------------------------------------------------------------------------------------------

    private static void read() throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(line));
            try {
                print("-", MemoryRecords.readableRecords(bytes));
            } catch (RuntimeException refused) {
                System.out.println("error " + refused.getClass().getSimpleName());
            }
        }
    }

    private static void print(String name, MemoryRecords records) {
        List<String> lines = new ArrayList<>();
        lines.add("batch " + name + " " + base64(records.buffer().duplicate()) + " " + header(records));
        for (MutableRecordBatch batch : records.batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                record.ensureValid();
                lines.add(line(record));
            }
        }
        lines.forEach(System.out::println);
    }

    private static String header(MemoryRecords records) {
        MutableRecordBatch batch = records.batches().iterator().next();
        return String.join(",", "" + batch.magic(), "" + batch.baseOffset(), "" + batch.lastOffset(),
            "" + batch.compressionType().id, "" + batch.timestampType().id, "" + batch.maxTimestamp(),
            "" + batch.isTransactional(), "" + batch.isControlBatch(), "" + batch.deleteHorizonMs().orElse(-1),
            "" + batch.producerId(), "" + batch.producerEpoch(), "" + batch.baseSequence(),
            "" + batch.partitionLeaderEpoch(), "" + batch.countOrNull());
    }

    private static String line(Record record) {
        StringBuilder line = new StringBuilder("record " + record.offset() + " " + record.timestamp());
        line.append(" ").append(base64(record.key())).append(" ").append(base64(record.value()));
        for (Header header : record.headers()) {
            byte[] value = header.value();
            line.append(" ").append(base64(ByteBuffer.wrap(utf8(header.key()))));
            line.append("=").append(base64(value == null ? null : ByteBuffer.wrap(value)));
        }
        return line.toString();
    }

    private static String base64(ByteBuffer bytes) {
        if (bytes == null) {
            return "-";
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return "." + Base64.getUrlEncoder().withoutPadding().encodeToString(copy);
    }
}
