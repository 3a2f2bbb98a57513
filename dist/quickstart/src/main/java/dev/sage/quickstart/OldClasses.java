package dev.sage.quickstart;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Class files of before Java 6, as files of Java 8: with the types of each frame, which those did not have. Without them no class
 * data archive that is made at an exit, and no ahead-of-time cache, takes a class in.
 */
final class OldClasses {
    private static final int MAJOR_VERSION = 6;

    private final ClassLoader all;

    /** @param all finds what the classes extend and implement */
    OldClasses(ClassLoader all) {
        this.all = all;
    }

    /**
     * The same class file if it is not old.
     *
     * @throws TypeNotPresentException if it needs to know a class that is not there
     */
    byte[] raised(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        if (reader.readUnsignedShort(MAJOR_VERSION) >= Opcodes.V1_6) {
            return classFile;
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return all;
            }
        };
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(
                            int version, int access, String name, String signature, String parent, String[] traits) {
                        super.visit(Opcodes.V1_8, access, name, signature, parent, traits);
                    }
                },
                ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
