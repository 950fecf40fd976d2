using System.Diagnostics;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Tests.Bundles;

namespace Rewas.Tests.Networks.Onnx;

public sealed class OnnxNetworkTests : IDisposable
{
    static readonly NetworkDefinition Vocoder = HifiGan.Define(TestBundles.Vocoder);

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    OnnxNetwork LoadVocoder(
        StoredType type = StoredType.Float32,
        string prefix = "",
        OnnxOptions? options = null,
        Func<WeightToStore, WeightToStore?>? change = null)
    {
        var path = folder.File("vocoder.safetensors");
        TestBundles.WriteWeights(path, Vocoder, type, prefix, change);
        using var file = SafetensorsFile.Open(path);
        return OnnxNetwork.Load(Vocoder, file, options ?? Recorded.OneThread, prefix);
    }

    [Fact]
    public void Runs_a_network_of_a_bundle_for_any_batch_and_length()
    {
        using var network = OnnxNetwork.Load(TestBundles.Write(folder.Path), "vocoder", Recorded.OneThread);
        Assert.Equal(("vocoder", "cpu"), (network.Name, network.Accelerator));
        var one = network.Run([Recorded.Noise(1, 1, 4, 10)])[0];
        Assert.Equal([1L, 1, 20], one.Shape);
        var two = network.Run(
            [HostTensor.Of([.. Recorded.Noise(1, 1, 4, 10).Floats.Span, .. Recorded.Noise(1, 1, 4, 10).Floats.Span], 2, 4, 10)])[0];
        Recorded.AssertEqual(HostTensor.Of([.. one.Floats.Span, .. one.Floats.Span], 2, 1, 20), two, 1e-6);
    }

    [Fact]
    public void Weights_stored_as_float16_or_left_unpacked_give_the_same_result()
    {
        using var packed = LoadVocoder();
        using var unpacked = LoadVocoder(options: Recorded.OneThread with { PackWeights = false });
        var x = Recorded.Noise(1, 1, 4, 16);
        var expected = packed.Run([x])[0];
        Recorded.AssertEqual(expected, unpacked.Run([x])[0], 1e-6);
        using var half = LoadVocoder(StoredType.Float16);
        Recorded.AssertEqual(expected, half.Run([x])[0], 2e-3);
    }

    [Fact]
    public void Networks_that_share_their_working_memory_give_the_same_result()
    {
        using var alone = LoadVocoder();
        var shared = Recorded.OneThread with { SharedArena = true };
        using var first = LoadVocoder(options: shared);
        using var second = LoadVocoder(options: shared);
        foreach (var length in (int[])[16, 64, 4])
        {
            var x = Recorded.Noise(1, 1, 4, length);
            var expected = alone.Run([x])[0];
            Assert.All(
                new[] { first, second }.AsParallel().Select(network => network.Run([x])[0]).ToArray(),
                output => Recorded.AssertEqual(expected, output, 0));
        }
    }

    [Fact]
    public void Finds_weights_below_a_prefix()
    {
        using var network = LoadVocoder(prefix: "generator");
        Assert.Equal([1L, 1, 8], network.Run([Recorded.Noise(1, 1, 4, 4)])[0].Shape);
    }

    [Fact]
    public void Names_every_weight_that_is_missing_misshapen_or_not_asked_for()
    {
        var fault = Assert.Throws<InputFault>(() => LoadVocoder(change: weight => weight.Name switch
        {
            "conv_pre.bias" or "ups.0.weight" => null,
            "conv_post.bias" => new WeightToStore(weight.Name, [2], () => new float[2]),
            "conv_post.weight" => weight with { Name = "conv_last.weight" },
            _ => weight,
        }));
        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.EndsWith(
            "does not fit the network: 3 missing: conv_post.weight, conv_pre.bias, ups.0.weight; 1 misshapen: conv_post.bias is [2] "
            + "instead of [1]; 1 not asked for: conv_last.weight",
            fault.Message);
    }

    [Fact]
    public void Networks_may_share_a_file_but_no_weight_may_be_left_over()
    {
        var path = folder.File("both.safetensors");
        List<WeightToStore> weights = [];
        foreach (var prefix in (string[])["a", "b", "c"])
            TestBundles.WriteWeights(path, Vocoder, prefix: prefix, change: weight =>
            {
                weights.Add(weight);
                return weight;
            });
        var network = new BundleNetwork("hifigan", NetworkCatalog.Write(TestBundles.Vocoder), "both.safetensors", "a");
        SafetensorsWriter.Write(path, weights);
        var manifest = TestBundles.Manifest with
        {
            Networks = new Dictionary<string, BundleNetwork> { ["first"] = network, ["second"] = network with { Prefix = "b" } },
        };
        var fault =
            Assert.Throws<InputFault>(() => OnnxNetwork.Load(BundleWriter.Write(folder.Path, manifest), "first", Recorded.OneThread));
        Assert.Contains($"{weights.Count / 3} not asked for: c.conv_post.bias", fault.Message);

        SafetensorsWriter.Write(path, weights[..(weights.Count * 2 / 3)]);
        using var loaded = OnnxNetwork.Load(BundleWriter.Write(folder.Path, manifest), "first", Recorded.OneThread);
        Assert.Equal([1L, 1, 8], loaded.Run([Recorded.Noise(1, 1, 4, 4)])[0].Shape);
    }

    [Fact]
    public void A_configuration_that_does_not_build_is_a_fault_of_the_bundle()
    {
        TestBundles.Write(folder.Path);
        var manifest = TestBundles.Manifest with
        {
            Networks = new Dictionary<string, BundleNetwork>
            {
                ["vocoder"] = new("no_such", NetworkCatalog.Write(TestBundles.Vocoder), "vocoder.safetensors"),
                ["other"] = new("hifigan", NetworkCatalog.Write(new { channels = "many" }), "vocoder.safetensors"),
            },
        };
        var bundle = BundleWriter.Write(folder.Path, manifest);
        Assert.Contains(
            "architecture 'no_such' is unknown",
            Assert.Throws<InputFault>(() => OnnxNetwork.Load(bundle, "vocoder", Recorded.OneThread)).Message);
        Assert.Equal(FaultKind.Precondition, Assert.Throws<InputFault>(() => OnnxNetwork.Load(bundle, "other", Recorded.OneThread)).Kind);
        Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => OnnxNetwork.Load(bundle, "denoiser", Recorded.OneThread)).Kind);
    }

    [Fact]
    public void A_deferred_network_reads_its_weights_when_it_first_runs()
    {
        var bundle = TestBundles.Write(folder.Path);
        File.Move(bundle.Path("vocoder.safetensors"), folder.File("elsewhere"));
        using var network = OnnxNetwork.Deferred(bundle, "vocoder", Recorded.OneThread);
        Assert.Equal(("vocoder", "cpu"), (network.Name, network.Accelerator));
        File.Move(folder.File("elsewhere"), bundle.Path("vocoder.safetensors"));
        Assert.Equal([1L, 1, 20], network.Run([Recorded.Noise(1, 1, 4, 10)])[0].Shape);
    }

    [Fact]
    public void A_deferred_network_that_failed_to_load_is_loaded_at_the_next_call()
    {
        var bundle = TestBundles.Write(folder.Path);
        File.Move(bundle.Path("vocoder.safetensors"), folder.File("elsewhere"));
        using var network = OnnxNetwork.Deferred(bundle, "vocoder", Recorded.OneThread);
        Assert.Throws<InputFault>(network.Load);
        File.Move(folder.File("elsewhere"), bundle.Path("vocoder.safetensors"));
        Assert.Equal([1L, 1, 20], network.Run([Recorded.Noise(1, 1, 4, 10)])[0].Shape);
    }

    [Fact]
    public void A_deferred_network_whose_weights_do_not_fit_is_refused_when_it_is_loaded()
    {
        var bundle = TestBundles.Write(folder.Path);
        TestBundles.WriteWeights(
            bundle.Path("vocoder.safetensors"),
            HifiGan.Define(TestBundles.Vocoder),
            change: weight => weight.Name.StartsWith("conv_pre.bias") ? null : weight);
        using var network = OnnxNetwork.Deferred(bundle, "vocoder", Recorded.OneThread);
        Assert.Contains("1 missing: conv_pre.bias", Assert.Throws<InputFault>(network.Load).Message);
    }

    [Fact]
    public void Names_the_input_that_does_not_fit()
    {
        using var network = LoadVocoder();
        string MessageFor(params HostTensor[] inputs) => Assert.Throws<InputFault>(() => network.Run(inputs)).Message;
        Assert.Equal("mel: must be float32 [?, 4, ?], but is float32 [1, 5, 3]", MessageFor(Recorded.Noise(1, 1, 5, 3)));
        Assert.Equal("mel: must be float32 [?, 4, ?], but is int64 [1, 4, 1]", MessageFor(HostTensor.Of(new long[4], 1, 4, 1)));
        Assert.Equal("mel: must be float32 [?, 4, ?], but is float32 [4, 4]", MessageFor(Recorded.Noise(1, 4, 4)));
        Assert.Equal("mel: must be float32 [?, 4, ?], but is float32 [1, 4, 0]", MessageFor(HostTensor.Of(Array.Empty<float>(), 1, 4, 0)));
        Assert.Equal("hifigan: takes or gives 1 tensors (mel), but 0 were given", MessageFor());
    }

    [Fact]
    public void Inputs_that_do_not_fit_each_other_are_the_callers_fault()
    {
        using var lookup =
            Recorded.Load(Recorded.Definition([[-1, 2], [-1]], 2, x => x[0].Gather(x[1]), [ElementType.Float32, ElementType.Int64]));
        Assert.Equal(
            FaultKind.Invalid, Assert.Throws<InputFault>(() => lookup.Run([Recorded.Noise(1, 3, 2), HostTensor.Of([3L], 1)])).Kind);
        using var join = Recorded.Load(Recorded.Definition([[-1, -1], [-1, -1]], 2, x => x[0].Concat(0, x[1])));
        Assert.Equal(FaultKind.Invalid, Assert.Throws<InputFault>(() => join.Run([Recorded.Noise(1, 3, 2), Recorded.Noise(1, 3, 4)])).Kind);
        using var sum = Recorded.Load(Recorded.Definition([[-1], [-1]], 1, x => x[0] + x[1]));
        Assert.Equal(FaultKind.Invalid, Assert.Throws<InputFault>(() => sum.Run([Recorded.Noise(1, 3), Recorded.Noise(1, 4)])).Kind);
        using var fold = Recorded.Load(Recorded.Definition([[-1]], 2, x => x[0].Reshape(-1, 4)));
        Assert.Equal(FaultKind.Invalid, Assert.Throws<InputFault>(() => fold.Run([Recorded.Noise(1, 3)])).Kind);
    }

    [Fact]
    public void A_bound_call_follows_its_buffers_and_allocates_nothing()
    {
        using var network = LoadVocoder();
        var (mel, wave) = (new float[40], new float[20]);
        using var call = network.Bind([HostTensor.Of(mel, 1, 4, 10)], [HostTensor.Of(wave, 1, 1, 20)]);
        using var cancellation = new CancellationTokenSource();
        foreach (var seed in (int[])[1, 2])
        {
            Recorded.Noise(seed, 1, 4, 10).Floats.CopyTo(mel);
            call.Run(cancellation.Token);
            Recorded.AssertEqual(network.Run([Recorded.Noise(seed, 1, 4, 10)])[0], HostTensor.Of(wave, 1, 1, 20), 1e-6);
        }

        for (var warm = 0; warm < 100; warm++)
            call.Run(cancellation.Token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            call.Run(cancellation.Token);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Imitates a device, where an input stays at its copy until it is bound again.</summary>
    [Fact]
    public void Copied_inputs_follow_their_buffers_if_they_are_marked_as_changed()
    {
        var definition = Recorded.Definition([[1, 4], [1, 4]], 2, x => x[0] + x[1]);
        using var network = Recorded.Load(definition);
        var (one, other, sum) = (new float[4], new float[4], new float[4]);
        using var call =
            network.Bind([HostTensor.Of(one, 1, 4), HostTensor.Of(other, 1, 4)], [HostTensor.Of(sum, 1, 4)], copiesInputs: true);
        foreach (var value in (int[])[1, 2])
        {
            one.AsSpan().Fill(value);
            other.AsSpan().Fill(10);
            call.Run(changedInputs: value == 1 ? 2 : 1, CancellationToken.None);
            Assert.All(sum, total => Assert.Equal(10 + value, total));
        }
    }

    [Fact]
    public void A_bound_output_of_the_wrong_size_is_refused()
    {
        using var network = LoadVocoder();
        using var call = network.Bind([Recorded.Noise(1, 1, 4, 10)], [HostTensor.Of(new float[19], 1, 1, 19)]);
        Assert.ThrowsAny<Exception>(() => call.Run());
        Assert.Throws<InputFault>(() => network.Bind([Recorded.Noise(1, 1, 4, 10)], [HostTensor.Of(new float[20], 1, 20)]));
    }

    [Fact]
    public void A_running_call_ends_soon_after_it_is_cancelled()
    {
        using var network = Recorded.Load(Recorded.Definition([[1024, 1024]], 2, x =>
        {
            var y = x[0];
            for (var i = 0; i < 1000; i++)
                y = y.MatMul(x[0]);                                                      // takes minutes if it is not cancelled
            return y;
        }));
        var identity = HostTensor.Of(new float[1024 * 1024], 1024, 1024);
        using var call = network.Bind([identity], [HostTensor.Of(new float[1024 * 1024], 1024, 1024)]);
        foreach (var run in (Action<CancellationToken>[])[token => network.Run([identity], token), call.Run])
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            var watch = Stopwatch.StartNew();
            Assert.Throws<OperationCanceledException>(() => run(cancellation.Token));
            Assert.True(watch.Elapsed < Wait.Patience, $"took {watch.Elapsed}");
        }
        Assert.Throws<OperationCanceledException>(() => network.Run([identity], new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Several_threads_may_run_one_network()
    {
        using var network = LoadVocoder();
        var expected = network.Run([Recorded.Noise(1, 1, 4, 10)])[0];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => Recorded.AssertEqual(expected, network.Run([Recorded.Noise(1, 1, 4, 10)])[0], 0))));
    }

    [Fact]
    public void Refuses_an_accelerator_that_it_does_not_have()
    {
        Assert.Equal(
            "accelerator: must be cpu, cuda or tensorrt, but is 'tpu'",
            Assert.Throws<InputFault>(() => LoadVocoder(options: new() { Accelerator = "tpu" })).Message);
        Assert.Equal(
            "threads: must be from 0 to 256, but is -1",
            Assert.Throws<InputFault>(() => LoadVocoder(options: new() { Threads = -1 })).Message);
        Assert.Equal(
            "device: must be from 0 to 63, but is 64",
            Assert.Throws<InputFault>(() => LoadVocoder(options: new() { Device = 64 })).Message);
        if (!OnnxNetwork.ProvidersInThisBuild.Contains("CUDAExecutionProvider"))
            Assert.Equal(
                "accelerator: cuda is not in this build; build with -p:Accelerator=cuda, or ask for cpu",
                Assert.Throws<InputFault>(() => LoadVocoder(options: new() { Accelerator = "cuda" })).Message);
    }
}
