package dev.sage.runtime.core.schedule;

/** A GPU of this id, or a port of this number. */
public record Thing(Kind kind, int number) {

    /** What jobs are given for the time that they run. */
    public enum Kind {
        GPU,
        PORT;

        /** As in "2 GPUs". */
        String count(int count) {
            String noun = this == GPU ? "GPU" : "port";
            return count + " " + (count == 1 ? noun : noun + "s");
        }

        /** That tells which there are. */
        String setting() {
            return this == GPU ? "sage.gpus.ids" : "sage.ports.range";
        }
    }

    public static Thing gpu(int id) {
        return new Thing(Kind.GPU, id);
    }

    public static Thing port(int number) {
        return new Thing(Kind.PORT, number);
    }

    @Override
    public String toString() {
        return (kind == Kind.GPU ? "GPU " : "port ") + number;
    }
}
