package dev.sage.api;

/** The sink of one parallel instance, which is made when it is opened. */
record SinkPerInstance<T>(PerInstance.Made<? extends Sink<? super T>> sink) implements Sink<T> {
    @Override
    public void open() throws Exception {
        sink.get().open();
    }

    @Override
    public void accept(T value) throws Exception {
        sink.get().accept(value);
    }

    @Override
    public void prepare() throws Exception {
        sink.get().prepare();
    }

    @Override
    public void commit() throws Exception {
        sink.get().commit();
    }

    @Override
    public void abort() throws Exception {
        sink.get().abort();
    }
}
