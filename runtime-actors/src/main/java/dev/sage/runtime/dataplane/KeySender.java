package dev.sage.runtime.dataplane;

import dev.sage.api.DeadLetter;
import dev.sage.api.KeyFunction;
import java.util.List;

/** Each record to the instance that owns the group of its key. */
final class KeySender extends Sender {
    private final OperatorInstance reader;
    private final Flow flow;
    private final KeyFunction<Object, Object> keyFunction;
    private final Outlet[] ownerOfGroup;
    private long ordinal;

    /** @param reader the operator that reads by key, for it is its key function that may fail here */
    @SuppressWarnings("unchecked")
    KeySender(OperatorInstance reader, Flow flow, KeyFunction<?, ?> key, List<Outlet> outlets, int keyGroups) {
        super(outlets);
        this.reader = reader;
        this.flow = flow;
        this.keyFunction = (KeyFunction<Object, Object>) key;
        this.ownerOfGroup = new Outlet[keyGroups];
        for (int group = 0; group < keyGroups; group++) {
            ownerOfGroup[group] = outlets.get(KeyGroups.owner(group, keyGroups, outlets.size()));
        }
    }

    @Override
    void accept(Object value) {
        flow.at = reader.index();
        int group;
        try {
            group = KeyGroups.groupOf(keyFunction.keyOf(value), ownerOfGroup.length);
        } catch (UnstableKeyException failure) {
            String message = String.valueOf(failure.getMessage());
            throw failure.isOfTheType()
                    ? reader.misuse("key", ordinal, message)
                    : reader.failure("key", ordinal, message);
        } catch (Throwable failure) {
            throw reader.failure("key", ordinal, failure);
        }
        ordinal++;
        ownerOfGroup[group].add(value);
    }

    /** What is told of a record without a key goes to any instance, and always to the same one. */
    void sendAside(DeadLetter letter) {
        ownerOfGroup[0].add(new Unkeyed(letter));
    }
}
