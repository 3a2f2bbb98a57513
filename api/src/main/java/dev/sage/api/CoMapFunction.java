package dev.sage.api;

import java.io.Serializable;

/** Turns each record of two streams into one record of a common type. The results must not be null. */
public interface CoMapFunction<A, B, R> extends Serializable {
    R mapFirst(A value) throws Exception;

    R mapSecond(B value) throws Exception;
}
