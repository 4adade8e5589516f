/**
 * Runs the request of a client as often as its command line says.
 * usage: PROGRAM [CALLS [PAUSE_SECONDS]]     (default: 1 and 0)
 */
final class Repeat {
  private Repeat() {}

  /** Calls request, and prints `ok` after each success. The first error ends the program. */
  static void call(String[] arguments, Runnable request) throws InterruptedException {
    int calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
    int pause = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    for (int call = 1; call <= calls; call++) {
      try {
        request.run();
      } catch (RuntimeException error) {
        fail(error);
      }
      System.out.println("ok");
      if (call < calls) {
        Thread.sleep(pause * 1000L);
      }
    }
  }

  /** Prints the error as the SDK words it, with its causes, and ends the program. */
  static void fail(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      System.err.println(cause);
    }
    System.exit(1);
  }
}
