namespace Rewas.Tests.Client;

public sealed class RepetitionInProcessTests : RepetitionTests
{
    private protected override Task<StageHost> StartAsync(StageDoubles doubles) => StageHost.StartInProcessAsync(doubles);
}
