package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.Resource;

/** What cannot be had, or is not seen to be free, and why: "is held by job 'train' of …". */
public record Refusal(Resource resource, String reason) {}
