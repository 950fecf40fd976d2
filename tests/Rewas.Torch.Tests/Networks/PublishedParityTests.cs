using System.Text.Json;
using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

[CollectionDefinition(nameof(PublishedParityTests), DisableParallelization = true)]
public class OneFullSizeNetworkAtATime;

/// <summary>
/// At the published sizes, on the fixtures' weights, every network gives the published outputs. They run one at a time: the largest needs 7
/// GB.
/// </summary>
[Collection(nameof(PublishedParityTests))]
[Trait("Category", "FullSize")]
public sealed class PublishedParityTests(ITestOutputHelper output) : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope(), noGradients = torch.no_grad();

    public void Dispose()
    {
        noGradients.Dispose();
        scope.Dispose();
    }

    [Theory, MemberData(nameof(PublishedCase.References), MemberType = typeof(PublishedCase))]
    public void A_network_gives_what_the_published_one_gives(string reference)
    {
        var (published, expected) = (PublishedCase.Of(reference), PublishedCase.Of(reference).Expected());
        var weights = new FixtureWeights(published.Prefix);
        var network = NetworkCatalog.Create(published.Architecture, JsonSerializer.SerializeToElement(new { })).Build(new Scope(weights));
        Agrees(reference, expected, network([.. published.Inputs().Select(weights.Input)])[published.Output]);
    }

    [Fact]
    public void The_denoiser_alone_and_its_adapter_give_what_the_published_ones_give()
    {
        HostTensor first = ReferenceFile.Read("adapter_c0_slice.npy"),
            last = ReferenceFile.Read("adapter_c12.npy"),
            alone = ReferenceFile.Read("unet_eps_nocontrol.npy");
        var weights = new FixtureWeights("");
        var network = new ControlledUNet(new Scope(weights), new());
        Tensor[] inputs = [.. PublishedCase.Of("unet_eps.npy").Inputs().Select(weights.Input)];

        var control = network.Adapter.Forward(inputs[0], inputs[1], inputs[2], inputs[3], given: null);
        Assert.Equal(13, control.Count);
        Agrees("adapter_c0_slice.npy", first, control[0].Slice(1, 0, first.Shape[1]));
        Agrees("adapter_c12.npy", last, control[12]);
        Agrees("unet_eps_nocontrol.npy", alone, network.Denoiser.Forward(inputs[0], inputs[1], inputs[2]));
    }

    void Agrees(string reference, HostTensor expected, Tensor actual) =>
        output.WriteLine(
            $"{reference}: differs by at most {ReferenceFile.AssertAgrees(expected, FixtureWeights.ToHost(actual)):e1} standard "
            + "deviations");
}
