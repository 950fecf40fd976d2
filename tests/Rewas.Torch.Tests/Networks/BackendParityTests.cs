using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

/// <summary>The trained network is the served network: both backends give the same result for the same weights, for any batch.</summary>
public sealed class BackendParityTests(ITestOutputHelper output) : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope(), noGradients = torch.no_grad();

    public void Dispose()
    {
        noGradients.Dispose();
        scope.Dispose();
    }

    public static TheoryData<string> Architectures => [.. NetworkCatalog.Architectures];

    [Theory, MemberData(nameof(Architectures))]
    public void A_recorded_network_gives_what_the_executed_one_gives(string architecture)
    {
        var definition = SmallNetwork.Define(architecture);
        using var file = new FixtureWeightsFile(definition, "");
        using var recorded = OnnxNetwork.Load(definition, file.File, new() { Threads = 1 });
        var weights = new FixtureWeights("");
        var executed = definition.Build(new Scope(weights));
        foreach (var batch in (int[])[1, 3])                                 // one recording serves every batch
        {
            var inputs = SmallNetwork.Inputs(definition, batch);
            var expected = executed([.. inputs.Select(weights.Input)]).Select(FixtureWeights.ToHost);
            var worst = expected.Zip(recorded.Run(inputs), (one, other) => ReferenceFile.AssertAgrees(one, other, 1e-4)).Max();
            output.WriteLine($"{architecture}, batch {batch}: differs by at most {worst:e1} standard deviations");
        }
    }
}
