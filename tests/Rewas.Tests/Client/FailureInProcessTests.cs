namespace Rewas.Tests.Client;

public sealed class FailureInProcessTests : FailureTests
{
    private protected override Task<StageHost> StartAsync(StageDoubles doubles) => StageHost.StartInProcessAsync(doubles);
}
