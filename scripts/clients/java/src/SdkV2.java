import java.net.URI;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Calls GetCallerIdentity at the server GATE with the AWS SDK for Java v2 and its default credential chain.
 * usage: SdkV2 [CALLS [PAUSE_SECONDS]]
 */
final class SdkV2 {
  private SdkV2() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (StsClient client = StsClient.builder().endpointOverride(URI.create(System.getenv("GATE"))).build()) {
      Repeat.call(arguments, client::getCallerIdentity);
    } catch (RuntimeException error) {
      Repeat.fail(error);
    }
  }
}
