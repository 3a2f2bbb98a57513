package dev.sage.api;

import java.io.Serializable;

/** Turns each record of two streams into one record of a common type. The results must not be null. */
public interface CoMapFunction<A, B, R> extends Serializable {
    /** For a record of the stream that was connected. */
    R mapFirst(A value) throws Exception;

    /** For a record of the stream that it was connected with. */
    R mapSecond(B value) throws Exception;
}
