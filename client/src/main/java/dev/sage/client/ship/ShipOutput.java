package dev.sage.client.ship;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.function.UnaryOperator;

/** Writes objects, with {@link Forms} for those that Java's serialization does not take. */
final class ShipOutput extends ObjectOutputStream {
    private final UnaryOperator<Object> outside;

    /** @param outside what is written in the place of an object that belongs to this JVM; itself for all others */
    ShipOutput(OutputStream out, UnaryOperator<Object> outside) throws IOException {
        super(out);
        this.outside = outside;
        enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object value) {
        Object replaced = outside.apply(value);
        return replaced == value ? Forms.of(value) : replaced;
    }
}
