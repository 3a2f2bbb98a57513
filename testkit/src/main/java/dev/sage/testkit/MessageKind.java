package dev.sage.testkit;

import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.task.TaskActor;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** What the actors of a job say to each other, see {@link Faults#dropMessages}. */
public enum MessageKind {
    /** A task tells its Dispatcher that its sources and sinks are open. */
    TASK_STARTED(TaskActor.Started.class),
    /** A task tells its Dispatcher that all its input has ended. */
    TASK_ENDED(TaskActor.Ended.class),
    /** A task tells its Dispatcher what was thrown in it. */
    TASK_FAILED(TaskActor.Failed.class),
    /** A task tells its Dispatcher that it holds nothing any more. */
    TASK_CLOSED(TaskActor.Closed.class),
    /** A Dispatcher asks a task to make its output visible. */
    COMMIT_TASK(TaskActor.Order.COMMIT),
    /** A Dispatcher asks a task to end between two records. */
    CANCEL_TASK(TaskActor.Order.CANCEL),
    /** A Dispatcher asks a source to emit nothing more. */
    STOP_SOURCE(TaskActor.Order.STOP_SOURCE),
    /** A service tells its owner that it can be called. */
    SERVICE_RUNNING(ServiceActor.Running.class),
    /** A service tells its owner that its stop has returned. */
    SERVICE_STOPPED(ServiceActor.Stopped.class),
    /** A service tells its owner that its cleanup has returned. */
    SERVICE_CLEANED(ServiceActor.Cleaned.class),
    /** An owner asks a service to stop. */
    STOP_SERVICE(ServiceActor.Stop.class),
    /** An owner asks a service to clean up. */
    CLEAN_UP_SERVICE(ServiceActor.CleanUp.class);

    private final Class<?> type;
    private final TaskActor.@Nullable Order order;

    MessageKind(Class<?> type) {
        this.type = type;
        this.order = null;
    }

    MessageKind(TaskActor.Order order) {
        this.type = TaskActor.Order.class;
        this.order = order;
    }

    /** Owners get the news of tasks and services inside a message of their own, which has that one component. */
    boolean matches(Object message) {
        return isOne(message) || (message instanceof Record envelope && isOne(content(envelope)));
    }

    private boolean isOne(Object message) {
        return type.isInstance(message) && (order == null || order == message);
    }

    private static Object content(Record envelope) {
        RecordComponent[] components = envelope.getClass().getRecordComponents();
        if (components.length != 1) {
            return envelope;
        }
        try {
            components[0].getAccessor().setAccessible(true);
            Object content = components[0].getAccessor().invoke(envelope);
            return content == null ? envelope : content;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The content of " + envelope + " cannot be read.", e);
        }
    }
}
