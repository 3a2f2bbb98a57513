package dev.sage.runtime.core.schedule;

/** Who has something: a service or operator of a job. */
public record Lessee(String job, String holder) {
    @Override
    public String toString() {
        return job + "/" + holder;
    }
}
