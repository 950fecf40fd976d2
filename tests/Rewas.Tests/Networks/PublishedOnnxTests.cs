using System.Text.Json;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks;

[CollectionDefinition(nameof(PublishedOnnxTests), DisableParallelization = true)]
public class OneFullSizeSessionAtATime;

/// <summary>
/// As it is served: every published network, recorded and run by ONNX Runtime on the fixtures' weights, gives what the published
/// one gives. The largest takes 2.4 GB of disk and as much memory.
/// </summary>
[Collection(nameof(PublishedOnnxTests))]
public class PublishedOnnxTests(ITestOutputHelper output)
{
    [Theory, MemberData(nameof(PublishedCase.References), MemberType = typeof(PublishedCase)), Trait("Category", "FullSize")]
    public void A_served_network_gives_what_the_published_one_gives(string reference)
    {
        var (published, expected) = (PublishedCase.Of(reference), PublishedCase.Of(reference).Expected());
        var definition = NetworkCatalog.Create(published.Architecture, JsonSerializer.SerializeToElement(new { }));
        using var weights = new FixtureWeightsFile(definition, published.Prefix);
        using var network = OnnxNetwork.Load(definition, weights.File, new() { PackWeights = false });
        var actual = network.Run(published.Inputs())[published.Output];
        output.WriteLine($"{reference}: differs by at most {ReferenceFile.AssertAgrees(expected, actual):e1} standard deviations");
    }
}
