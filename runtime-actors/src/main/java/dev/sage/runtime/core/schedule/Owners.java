package dev.sage.runtime.core.schedule;

/** What the jobs of each owner have. Immutable. */
record Owners(SortedTree<String, Use> uses) {
    /** Jobs that run, and GPUs. */
    record Use(int running, int gpus) {
        static final Use NONE = new Use(0, 0);

        Use plus(int moreRunning, int moreGpus) {
            return new Use(running + moreRunning, gpus + moreGpus);
        }
    }

    static Owners none() {
        return new Owners(SortedTree.empty());
    }

    Use of(String owner) {
        Use use = uses.get(owner);
        return use == null ? Use.NONE : use;
    }

    Owners plus(String owner, int running, int gpus) {
        Use use = of(owner).plus(running, gpus);
        return new Owners(use.equals(Use.NONE) ? uses.remove(owner) : uses.put(owner, use));
    }
}
