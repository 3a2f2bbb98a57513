package dev.sage.api;

/**
 * A call that did not reach its service. The code tells why: {@code service.timeout} (its turn did not come in time),
 * {@code service.unavailable} (not running yet, or no more), {@code service.failed} (it died or could not start; the cause
 * tells why), {@code service.restarting} (it died and is being made anew, and is declared not to let calls wait),
 * {@code service.cycle} (the call came, through other services, from itself), {@code service.unknown}, {@code
 * service.method}, {@code service.not-serializable} (an argument or the answer cannot be sent to another JVM).
 */
public final class ServiceException extends SageException {
    private static final long serialVersionUID = 1;

    public ServiceException(String code, String message) {
        super(code, message);
    }

    public ServiceException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
