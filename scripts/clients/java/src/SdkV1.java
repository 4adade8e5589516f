import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.regions.DefaultAwsRegionProviderChain;
import com.amazonaws.services.securitytoken.AWSSecurityTokenService;
import com.amazonaws.services.securitytoken.AWSSecurityTokenServiceClientBuilder;
import com.amazonaws.services.securitytoken.model.GetCallerIdentityRequest;

/**
 * Calls GetCallerIdentity at the server GATE with the AWS SDK for Java v1 and its default credential chain.
 * usage: SdkV1 [CALLS [PAUSE_SECONDS]]
 */
final class SdkV1 {
  private SdkV1() {}

  public static void main(String[] arguments) throws InterruptedException {
    // This SDK searches for the profiles in the JVM's home directory, which is that of the user database: for a user the
    // same as HOME, for a test that sets HOME not.
    System.setProperty("user.home", System.getenv("HOME"));
    try {
      // With an endpoint, this SDK needs the Region to sign for. It is the one that it would find itself.
      String region = new DefaultAwsRegionProviderChain().getRegion();
      AWSSecurityTokenService client = AWSSecurityTokenServiceClientBuilder.standard()
          .withEndpointConfiguration(new EndpointConfiguration(System.getenv("GATE"), region))
          .build();
      Repeat.call(arguments, () -> client.getCallerIdentity(new GetCallerIdentityRequest()));
    } catch (RuntimeException error) {
      Repeat.fail(error);
    }
  }
}
