package dev.sage.acceptance.faults;

import dev.sage.api.SubmitOptions;

/** How the job was submitted. */
enum Mode {
    AUTOSTOP,
    NO_AUTOSTOP,
    KEEP_SERVICES;

    SubmitOptions options() {
        return switch (this) {
            case AUTOSTOP -> SubmitOptions.autostop();
            case NO_AUTOSTOP -> SubmitOptions.keepRunning();
            case KEEP_SERVICES -> SubmitOptions.autostop().keepServices(Place.SERVICE.key());
        };
    }
}
