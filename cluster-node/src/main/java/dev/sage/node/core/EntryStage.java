package dev.sage.node.core;

/** How far a job of the registry has come. */
enum EntryStage {
    /** For its turn, at first or again. */
    WAITING,
    /** For its turn, although its end was asked for: the runner has not heard of that yet. */
    WAITING_UNWANTED,
    /** An attempt of it may have done something. */
    STARTED,
    STARTED_UNWANTED,
    /** It has its one outcome. */
    ENDED,
    /** The history has it, and the registry no more. */
    FORGOTTEN;

    static EntryStage of(RegistryEntry entry) {
        boolean wanted = entry.job().cancelled().isEmpty();
        if (!entry.isLive()) {
            return ENDED;
        } else if (entry.job().startedAt().isPresent()) {
            return wanted ? STARTED : STARTED_UNWANTED;
        }
        return wanted ? WAITING : WAITING_UNWANTED;
    }
}
