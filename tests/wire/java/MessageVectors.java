import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Prints what Kafka's own classes write for every API of a broker's listener, in every version, as a request and as
 * a response: one JSON object a line, with the bytes of header and body in hexadecimal, and the body's fields as
 * Kafka's own JSON writer names them. The values are made up, the same ones in every run.
 *
 * Usage: java -cp 'JARS/*' MessageVectors.java; make_message_vectors.py runs it.
 */
public class MessageVectors {
    /** What the values of one vector are like. */
    enum Variant { DEFAULT, EMPTY, NULL, FULL, UNKNOWN_TAGS }

    private static final String[] WORDS = {
        "payments", "a", "", "gruppe-ä", "主题", "x.y_z-0", "\uD83D\uDE00", "line\nbreak", "null\u0000byte", "consumer",
    };
    private static final long[] NUMBERS = {0, 1, -1, 2, 127, 128, -128, 300, 32767, 65535, 1 << 20, Integer.MAX_VALUE,
        Integer.MIN_VALUE, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};

    private final Random random;
    private final Variant variant;

    private MessageVectors(Variant variant, int seed) {
        this.variant = variant;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        for (ApiKeys api : ApiKeys.apisForListener(ListenerType.BROKER)) {
            for (short version = api.messageType.lowestSupportedVersion(); version <= latest(api); version++) {
                for (Variant variant : Variant.values()) {
                    print(api, version, variant, "request");
                    print(api, version, variant, "response");
                }
            }
        }
        printData(new ConsumerProtocolSubscription(), "ConsumerProtocolSubscription");
        printData(new ConsumerProtocolAssignment(), "ConsumerProtocolAssignment");
    }

    private static short latest(ApiKeys api) {
        return api.messageType.highestSupportedVersion(true);
    }

    private static void print(ApiKeys api, short version, Variant variant, String kind) throws Exception {
        boolean request = kind.equals("request");
        ApiMessageType type = api.messageType;
        short headerVersion = request ? type.requestHeaderVersion(version) : type.responseHeaderVersion(version);
        Message header = request
            ? new RequestHeaderData().setRequestApiKey(api.id).setRequestApiVersion(version).setClientId("tester")
            : new ResponseHeaderData();
        MessageVectors maker = new MessageVectors(variant, api.id * 1000 + version * 10 + variant.ordinal());
        set(header, "correlationId", 7_000_000 + maker.random.nextInt(1000));
        if (variant == Variant.NULL && request) {
            set(header, "clientId", null);
        }
        if (variant == Variant.UNKNOWN_TAGS && headerVersion >= (request ? 2 : 1)) {
            maker.addUnknownTags(header, 0);
        }
        Message body = request ? type.newRequest() : type.newResponse();
        if (variant != Variant.DEFAULT) {
            maker.fill(body, version);
        }
        byte[] head = bytes(header, headerVersion);
        ObjectNode line = line(api.name(), kind, variant, version, body);
        line.put("hex", HexFormat.of().formatHex(head) + HexFormat.of().formatHex(bytes(body, version)));
        System.out.println(line);
    }

    private static void printData(Message example, String name) throws Exception {
        for (short version = example.lowestSupportedVersion(); version <= example.highestSupportedVersion(); version++) {
            for (Variant variant : List.of(Variant.DEFAULT, Variant.EMPTY, Variant.NULL, Variant.FULL)) {
                Message body = example.getClass().getConstructor().newInstance();
                if (variant != Variant.DEFAULT) {
                    new MessageVectors(variant, version).fill(body, version);
                }
                ObjectNode line = line(name, "data", variant, version, body);
                line.put("hex", HexFormat.of().formatHex(bytes(body, version)));
                System.out.println(line);
            }
        }
    }

    private static ObjectNode line(String api, String kind, Variant variant, short version, Message body)
            throws Exception {
        ObjectNode line = new ObjectNode(JsonNodeFactory.instance);
        line.put("api", api).put("kind", kind).put("variant", variant.name().toLowerCase()).put("version", version);
        line.set("fields", json(body, version));
        return line;
    }

    private static JsonNode json(Message body, short version) throws Exception {
        Class<?> converter = Class.forName(body.getClass().getName() + "JsonConverter");
        for (Method method : converter.getMethods()) {
            if (method.getName().equals("write") && method.getParameterCount() == 3) {
                return (JsonNode) method.invoke(null, body, version, false);
            }
        }
        throw new IllegalStateException(converter.getName());
    }

    private static byte[] bytes(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(buffer), cache, version);
        return buffer.array();
    }

    /** Give every field that this version has a value; the others keep their defaults. */
    private void fill(Object struct, short version) throws Exception {
        Schema schema = ((Schema[]) struct.getClass().getField("SCHEMAS").get(null))[version];
        int lastTag = -1;
        boolean flexible = false;
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                flexible = true;
                for (Map.Entry<Integer, org.apache.kafka.common.protocol.types.Field> known : tagged.fields().entrySet()) {
                    lastTag = Math.max(lastTag, known.getKey());
                    fillField(struct, known.getValue().name, known.getValue().type, version);
                }
            } else {
                fillField(struct, field.def.name, field.def.type, version);
            }
        }
        if (flexible && variant == Variant.UNKNOWN_TAGS) {
            addUnknownTags(struct, lastTag + 1);
        }
    }

    private void fillField(Object struct, String name, Type type, short version) throws Exception {
        Field member = member(struct.getClass(), name);
        member.set(struct, value(member, type, version));
    }

    private Object value(Field member, Type type, short version) throws Exception {
        if (type.isNullable() && (variant == Variant.NULL || variant != Variant.EMPTY && random.nextInt(5) == 0)) {
            return null;
        }
        if (type.isArray()) {
            return array(member, type, version);
        }
        Class<?> kind = member.getType();
        return Message.class.isAssignableFrom(kind) ? struct(kind, version) : scalar(kind, type);
    }

    private Object array(Field member, Type type, short version) throws Exception {
        Type elementType = type.arrayElementType().get();
        @SuppressWarnings("unchecked")
        Collection<Object> collection = Collection.class.isAssignableFrom(member.getType())
            && !Modifier.isAbstract(member.getType().getModifiers())
            ? (Collection<Object>) member.getType().getConstructor().newInstance()
            : new ArrayList<>();
        int count = variant == Variant.EMPTY ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            Class<?> kind = elementClass(member);
            collection.add(Message.class.isAssignableFrom(kind) ? struct(kind, version) : scalar(kind, elementType));
        }
        return collection;
    }

    private static Class<?> elementClass(Field member) {
        if (member.getGenericType() instanceof ParameterizedType list) {
            return (Class<?>) list.getActualTypeArguments()[0];
        }
        ParameterizedType parent = (ParameterizedType) member.getType().getGenericSuperclass();
        return (Class<?>) parent.getActualTypeArguments()[0];
    }

    private Object struct(Class<?> kind, short version) throws Exception {
        Object inner = kind.getConstructor().newInstance();
        fill(inner, version);
        return inner;
    }

    private Object scalar(Class<?> kind, Type type) {
        long number = variant == Variant.EMPTY ? 0 : NUMBERS[random.nextInt(NUMBERS.length)];
        if (kind == String.class) {
            return variant == Variant.EMPTY ? "" : WORDS[random.nextInt(WORDS.length)];
        } else if (kind == boolean.class) {
            return (number & 1) == 1;
        } else if (kind == byte.class || kind == Byte.class) {
            return (byte) number;
        } else if (kind == short.class || kind == Short.class) {
            return (short) number;
        } else if (kind == int.class || kind == Integer.class) {
            return type == Type.UINT16 ? (int) (number & 0xffff) : (int) number;
        } else if (kind == long.class || kind == Long.class) {
            return number;
        } else if (kind == double.class) {
            return number / 8.0;
        } else if (kind == Uuid.class) {
            return variant == Variant.EMPTY ? Uuid.ZERO_UUID : new Uuid(number, 42);
        } else if (kind == byte[].class) {
            return raw();
        } else if (kind == ByteBuffer.class) {
            return ByteBuffer.wrap(raw());
        }
        return MemoryRecords.readableRecords(ByteBuffer.wrap(raw()));
    }

    /** Bytes of which the length needs one or two bytes itself. */
    private byte[] raw() {
        int length = variant == Variant.EMPTY ? 0 : random.nextInt(4) == 0 ? 200 : random.nextInt(6);
        return "0123456789".repeat(20).substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private void addUnknownTags(Object struct, int first) throws Exception {
        Method method = struct.getClass().getMethod("unknownTaggedFields");
        @SuppressWarnings("unchecked")
        List<RawTaggedField> tags = (List<RawTaggedField>) method.invoke(struct);
        tags.add(new RawTaggedField(first, raw()));
        if (random.nextBoolean()) {
            tags.add(new RawTaggedField(first + 300, raw()));
        }
    }

    private static void set(Object struct, String name, Object value) throws Exception {
        member(struct.getClass(), name).set(struct, value);
    }

    /** The member of a schema's field: schemas write names with underscores, members without. */
    private static Field member(Class<?> type, String name) {
        String plain = name.replace("_", "");
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && field.getName().equalsIgnoreCase(plain)) {
                field.setAccessible(true);
                return field;
            }
        }
        throw new IllegalStateException(type.getName() + " has no " + name);
    }
}
