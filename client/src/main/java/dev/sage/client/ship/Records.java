package dev.sage.client.ship;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Collected records as bytes: written one by one, so that only the records themselves need memory. */
public final class Records {
    /** After so many records the stream forgets those before, which it would keep to tell the same object again. */
    private static final int FORGET_AFTER = 1_000;

    private Records() {}

    /**
     * Writes all records; closes nothing.
     *
     * @throws NotSerializableException when a record cannot be sent, naming its class and the field
     */
    public static void write(Iterable<?> records, OutputStream out) throws IOException {
        ShipOutput objects = new ShipOutput(out, UnaryOperator.identity());
        long number = 0;
        for (Object value : records) {
            objects.writeBoolean(true);
            write(value, number, objects);
            number++;
            if (number % FORGET_AFTER == 0) {
                objects.reset();
            }
        }
        objects.writeBoolean(false);
        objects.flush();
    }

    private static void write(Object value, long number, ShipOutput objects) throws IOException {
        try {
            objects.writeObject(value);
        } catch (NotSerializableException e) {
            String why = SerializationObstacle.find(value, "record " + number, inner -> false)
                    .map(SerializationObstacle::describe)
                    .orElse("record " + number + " of " + value.getClass() + " holds a " + e.getMessage());
            NotSerializableException named =
                    new NotSerializableException("Collected records cannot be sent to the client: " + why
                            + ". Map them to records, strings or numbers before collect().");
            named.initCause(e);
            throw named;
        }
    }

    /**
     * Reads all records, up to the end that {@link #write} has written; closes nothing.
     *
     * @param loader of the user's classes
     * @throws IOException when the bytes are not those of records, or end too early
     */
    public static List<Object> read(InputStream in, ClassLoader loader) throws IOException, ClassNotFoundException {
        List<Object> records = new ArrayList<>();
        try {
            ShipInput objects = new ShipInput(in, loader, form -> null, Long.MAX_VALUE);
            while (objects.readBoolean()) {
                records.add(objects.next());
            }
        } catch (EOFException | StreamCorruptedException e) {
            StreamCorruptedException cut = new StreamCorruptedException(
                    "The collected records cannot be read further: they end after " + records.size() + " of them.");
            cut.initCause(e);
            throw cut;
        }
        return records;
    }
}
