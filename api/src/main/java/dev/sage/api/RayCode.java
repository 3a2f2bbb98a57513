package dev.sage.api;

import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What runs in an actor of Ray. Authors of pipelines name it by {@link RayService} and {@link RayPool}. */
public sealed interface RayCode {
    /**
     * A class of Python.
     *
     * @param module as it is imported
     * @param files that are sent to the actor; a module that is not among them must be installed there
     */
    record Python(String module, String className, List<CodeFile> files) implements RayCode {
        private static final Pattern MODULE = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");
        private static final Pattern CLASS = Pattern.compile("[A-Za-z_]\\w*");

        public Python {
            files = List.copyOf(files);
            if (!MODULE.matcher(module).matches()) {
                throw new InvalidGraphException(
                        "'" + module + "' is no module of Python. Name it as it is imported, for"
                                + " example \"models.scorer\", or give the file, \"scorer.py\".");
            }
            if (!CLASS.matcher(className).matches()) {
                throw new InvalidGraphException(
                        "'" + className + "' is no class of Python, in module '" + module + "'.");
            }
        }

        /** A module by name, or a file, which is sent. */
        static Python of(String module, String className) {
            if (!module.endsWith(".py")) {
                return new Python(module, className, List.of());
            }
            Path file = Path.of(module);
            String name = String.valueOf(file.getFileName());
            return new Python(name.substring(0, name.length() - ".py".length()), className, CodeFile.read(file));
        }

        Python with(Path... code) {
            List<CodeFile> all = new ArrayList<>(files);
            long bytes = 0;
            for (Path path : code) {
                all.addAll(CodeFile.read(path));
            }
            for (CodeFile file : all) {
                bytes += file.content().length;
            }
            if (bytes > CodeFile.MOST_BYTES) {
                throw new InvalidGraphException("The code of '" + module + "' has " + bytes
                        + " bytes together; at most " + CodeFile.MOST_BYTES + " are sent.");
            }
            return new Python(module, className, all);
        }

        @Override
        public String toString() {
            return module + "." + className;
        }
    }

    /** A class of Java, on the class path of whoever declares it. */
    record JavaClass(Class<?> type) implements RayCode {
        public JavaClass {
            boolean made = !type.isInterface()
                    && !type.isEnum()
                    && !type.isArray()
                    && !type.isPrimitive()
                    && !Modifier.isAbstract(type.getModifiers());
            boolean alone = type.getEnclosingClass() == null || Modifier.isStatic(type.getModifiers());
            if (!made || !alone) {
                throw new InvalidGraphException(
                        type.getName() + " cannot be made in an actor of Ray by its name: it must"
                                + " be a class of its own, or a static one, and not abstract.");
            }
        }

        @Override
        public String toString() {
            return type.getName();
        }
    }

    /** A service of Java, with its life. */
    record JavaFactory(ServiceFactory<?> factory) implements RayCode {
        @Override
        public String toString() {
            return "a service of Java";
        }
    }
}
