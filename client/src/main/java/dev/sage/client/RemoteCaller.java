package dev.sage.client;

import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.CallCodec;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Calls a service of a job at the node, with arguments and answers as bytes. */
record RemoteCaller(NodeApi api, String job, String service) implements ServiceCaller {
    @Override
    public @Nullable Object call(String method, Object[] arguments) throws Throwable {
        return answer(CallCodec.call(method, arguments));
    }

    @Override
    public @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        return answer(CallCodec.call(method, arguments));
    }

    private @Nullable Object answer(byte[] call) throws Throwable {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return CallCodec.answer(api.call(job, service, call), loader);
    }
}
