package dev.sage.api;

/** The sink at the end of a stream. */
public interface StreamEnd {
    /** Names the sink; unique within the job. */
    StreamEnd name(String name);

    /** 1 unless set; sinks that own a file allow no more. */
    StreamEnd parallelism(int instances);

    /** What the sink does with a record for which its {@code accept} throws. */
    StreamEnd onError(ErrorPolicy policy);
}
