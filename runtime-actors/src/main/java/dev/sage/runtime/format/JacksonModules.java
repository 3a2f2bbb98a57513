package dev.sage.runtime.format;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import java.util.List;

/** What is common to the mappers, so that they take from user code what fits, and keep nothing of it. */
final class JacksonModules {
    private static final int TYPES = 200;

    private JacksonModules() {}

    /** Those of the user, unless the user's Jackson is another one than Sage's; then those of Sage. */
    static List<Module> found() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return MapperBuilder.findModules(hasSameJackson(context) ? context : JacksonModules.class.getClassLoader());
    }

    private static boolean hasSameJackson(ClassLoader loader) {
        try {
            return Class.forName(Module.class.getName(), false, loader) == Module.class;
        } catch (ClassNotFoundException noJackson) {
            return false;
        }
    }

    /** With a cache that goes with its mapper; Jackson's own one would keep classes of jobs that have ended. */
    static TypeFactory types() {
        LookupCache<Object, JavaType> cache = new LRUMap<>(TYPES / 4, TYPES);
        return TypeFactory.defaultInstance().withCache(cache);
    }
}
