namespace Rewas.Tests.Client;

public sealed class PipelineInProcessTests : PipelineTests
{
    private protected override Task<StageHost> StartAsync(StageDoubles doubles) => StageHost.StartInProcessAsync(doubles);
}
