package dev.sage.quickstart;

import java.util.Arrays;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Scala's function literals, made the way that Java's are.
 *
 * <p>Scala makes each of them by {@link java.lang.invoke.LambdaMetafactory#altMetafactory}, as one that can be serialized and has a
 * second method with its own types. No class data archive holds such a one (up to Java 25), so each start of a node would spin
 * 1,400 classes. Nothing serializes them in Sage, and nobody calls that method, as the traits of functions do not have it.
 */
final class PlainLambdas {
    private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final String PLAIN =
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
                    + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;Ljava/lang/invoke/MethodType;)"
                    + "Ljava/lang/invoke/CallSite;";
    // Of altMetafactory's arguments, as its Javadoc has them.
    private static final int INSTANTIATED = 2;
    private static final int FLAGS = 3;
    private static final int BRIDGES = 4;
    private static final int SERIALIZABLE = 1;
    private static final int BRIDGED = 4;

    private PlainLambdas() {}

    /**
     * The same class file if it has no such literal.
     *
     * @throws IllegalArgumentException for what is no class file, or one of a Java that is not known here
     */
    static byte[] in(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        int[] made = {0};
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return new MethodVisitor(Opcodes.ASM9, method) {
                            @Override
                            public void visitInvokeDynamicInsn(
                                    String name, String descriptor, Handle factory, Object... arguments) {
                                if (!isLiteral(descriptor, factory, arguments)) {
                                    super.visitInvokeDynamicInsn(name, descriptor, factory, arguments);
                                    return;
                                }
                                made[0]++;
                                super.visitInvokeDynamicInsn(
                                        name,
                                        descriptor,
                                        new Handle(Opcodes.H_INVOKESTATIC, FACTORY, "metafactory", PLAIN, false),
                                        Arrays.copyOf(arguments, FLAGS));
                            }
                        };
                    }
                },
                0);
        return made[0] == 0 ? classFile : writer.toByteArray();
    }

    private static boolean isLiteral(String descriptor, Handle factory, Object[] arguments) {
        if (!factory.getOwner().equals(FACTORY) || !factory.getName().equals("altMetafactory")) {
            return false;
        }
        String made = Type.getReturnType(descriptor).getInternalName();
        if (!made.startsWith("scala/Function") && !made.startsWith("scala/runtime/java8/JFunction")) {
            return false;
        }
        int flags = (int) arguments[FLAGS];
        if ((flags & ~(SERIALIZABLE | BRIDGED)) != 0) {
            return false;
        }
        return (flags & BRIDGED) == 0
                || Arrays.stream(arguments, BRIDGES + 1, arguments.length).allMatch(arguments[INSTANTIATED]::equals);
    }
}
