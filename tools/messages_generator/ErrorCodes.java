/** Prints Kafka's error codes, one a line: code, name and default message, separated by tabs. */
public class ErrorCodes {
    public static void main(String[] arguments) {
        for (var error : org.apache.kafka.common.protocol.Errors.values()) {
            String message = error.message() == null ? "" : error.message();
            System.out.println(error.code() + "\t" + error.name() + "\t" + message.replaceAll("\\s+", " "));
        }
    }
}
