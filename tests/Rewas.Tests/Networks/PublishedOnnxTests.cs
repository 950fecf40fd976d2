using System.Numerics.Tensors;
using System.Text.Json;
using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks;

[CollectionDefinition(nameof(PublishedOnnxTests), DisableParallelization = true)]
public class OneFullSizeSessionAtATime;

/// <summary>
/// Every published network, recorded and run by ONNX Runtime on the fixtures' weights as it is served, gives the published outputs. The
/// largest needs 2.4 GB of disk and as much memory.
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
        Agrees(reference, expected, network.Run(published.Inputs())[published.Output]);
    }

    /// <summary>The denoiser without control, every output of its adapter, and five guided steps of both together.</summary>
    [Fact, Trait("Category", "FullSize")]
    public void The_served_denoiser_its_adapter_and_sampler_give_what_the_published_ones_give()
    {
        var whole = NetworkCatalog.Create("controlled_unet", JsonSerializer.SerializeToElement(new { }));
        using var weights = new FixtureWeightsFile(whole, "");
        var inputs = PublishedCase.Of("unet_eps.npy").Inputs();

        using (var parts = OnnxNetwork.Load(Parts(whole), weights.File, new() { PackWeights = false }))
        {
            var results = parts.Run(inputs);
            Agrees("unet_eps_nocontrol.npy", ReferenceFile.Read("unet_eps_nocontrol.npy"), results[0]);
            Agrees("adapter_c0_slice.npy", ReferenceFile.Read("adapter_c0_slice.npy"), FirstChannels(results[1], 8));
            Agrees("adapter_c12.npy", ReferenceFile.Read("adapter_c12.npy"), results[13]);
            for (var i = 0; i < 13; i++)
            {
                // mean, standard deviation, largest magnitude
                var published = ReferenceFile.Read("adapter_stats.npz", $"c{i}").Floats.ToArray();
                Assert.Equal(published[1], Deviation(results[1 + i].Floats.Span), 1e-3 * published[1]);
                Assert.Equal(published[2], Math.Abs(TensorPrimitives.MaxMagnitude<float>(results[1 + i].Floats.Span)), 1e-3 * published[2]);
            }
        }
        using var network = OnnxNetwork.Load(whole, weights.File, new() { PackWeights = false });
        Agrees("ddim5_latent.npy", ReferenceFile.Read("ddim5_latent.npy"), Sampled(network, inputs), tolerance: 2e-2);
    }

    /// <summary>Five uniform steps of DDIM without noise, with guidance 3. The empty text is row 1 of y.</summary>
    static HostTensor Sampled(OnnxNetwork network, HostTensor[] inputs)
    {
        long[] shape = [2, .. inputs[0].Shape[1..]];
        var (latent, text) = (inputs[3].Floats.Length / 2, inputs[2].Floats.Length / 2);
        var levels = new NoiseLevels(new SamplerDefaults(200, 3, 1), SamplerNames.Uniform, steps: 5);
        var nothing = new Condition(inputs[2].Floats[text..], new float[latent]);
        var everything = new Condition(inputs[2].Floats[..text], inputs[3].Floats[..latent]);
        var sampler = new WindowSampler(
            new SamplingRequest(Seed: 0, SamplerNames.Ddim, Eta: 0, levels, new Guidance(3, 3)),
            new WindowConditions(nothing, nothing, everything),
            latent,
            window: 0,
            start: FixtureGenerator.Gauss("fixture.xT", latent));
        var (x, t, y, hint) = (new float[2 * latent], new float[2], new float[2 * text], new float[2 * latent]);
        while (!sampler.IsDone)
        {
            sampler.WriteLatent(x, t);
            sampler.WriteConditions(y, hint);
            sampler.Accept(network.Run(
                [HostTensor.Of(x, shape), HostTensor.Of(t, 2), HostTensor.Of(y, 2, text), HostTensor.Of(hint, shape)])[0].Floats.Span);
        }
        return HostTensor.Of(sampler.Latent.ToArray(), [1, .. shape[1..]]);
    }

    /// <summary>The same weights with inner outputs: the noise that the denoiser predicts alone, then the adapter's 13 outputs.</summary>
    static NetworkDefinition Parts(NetworkDefinition whole) => whole with
    {
        Outputs =
        [
            .. whole.Outputs,
            .. Enumerable.Range(0, 13).Select(
                i => new Port($"control{i}", ElementType.Float32, [-1, -1, -1, -1], "An output of the adapter.")),
        ],
        Build = scope =>
        {
            var network = new ControlledUNet(scope, new());
            return x => [network.Denoiser.Forward(x[0], x[1], x[2]), .. network.Adapter.Forward(x[0], x[1], x[2], x[3], given: null)];
        },
    };

    static HostTensor FirstChannels(HostTensor tensor, int channels)
    {
        var (all, plane) = ((int)tensor.Shape[1], (int)(tensor.Shape[2] * tensor.Shape[3]));
        float[] values = [.. tensor.Floats.ToArray().Chunk(all * plane).SelectMany(row => row.Take(channels * plane))];
        return HostTensor.Of(values, tensor.Shape[0], channels, tensor.Shape[2], tensor.Shape[3]);
    }

    static double Deviation(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
            (sum, squares) = (sum + value, squares + (double)value * value);
        return Math.Sqrt(squares / values.Length - Math.Pow(sum / values.Length, 2));
    }

    void Agrees(string reference, HostTensor expected, HostTensor actual, double tolerance = 2e-3) =>
        output.WriteLine(
            $"{reference}: differs by at most {ReferenceFile.AssertAgrees(expected, actual, tolerance):e1} standard deviations");
}
