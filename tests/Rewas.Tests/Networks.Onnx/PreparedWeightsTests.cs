using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Tests.Bundles;

namespace Rewas.Tests.Networks.Onnx;

public sealed class PreparedWeightsTests : IDisposable
{
    static readonly UNetConfiguration Small = new()
    {
        LatentChannels = 4,
        LatentFrames = 16,
        LatentBins = 4,
        ModelChannels = 32,
        ChannelMultipliers = [1, 2],
        ResidualBlocks = 1,
        AttentionFactors = [2],
        HeadChannels = 16,
        FilmChannels = 16,
        Groups = 8,
    };

    static readonly NetworkDefinition Definition = ControlledUNet.Define(Small);

    readonly TemporaryFolder folder = new();
    readonly Bundle bundle;

    public PreparedWeightsTests()
    {
        TestBundles.WriteWeights(folder.File("denoiser.safetensors"), Definition);
        bundle = BundleWriter.Write(folder.Path, TestBundles.Manifest with
        {
            Networks = new Dictionary<string, BundleNetwork>
            {
                ["denoiser"] = new("controlled_unet", NetworkCatalog.Write(Small), "denoiser.safetensors"),
            },
        });
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Weights_are_made_once_and_give_the_same_as_those_made_in_memory()
    {
        var inMemory = Run();
        Assert.False(Directory.Exists(folder.File("prepared")));             // small weights are not kept unless they are asked for
        Prepare();
        var file = Assert.Single(Files());
        var written = file.LastWriteTimeUtc;
        Assert.Equal(inMemory, Run());
        Prepare();
        Assert.Equal(written, Assert.Single(Files()).LastWriteTimeUtc);
        Assert.Equal(inMemory, Run());
    }

    [Fact]
    public void A_file_that_is_not_whole_or_was_changed_is_made_again()
    {
        Prepare();
        var path = Assert.Single(Files()).FullName;
        var whole = File.ReadAllBytes(path);
        var flipped = whole.ToArray();
        flipped[^100] ^= 1;
        byte[][] broken = [whole[..(whole.Length / 2)], [], [.. whole, 0], flipped, [.. Enumerable.Repeat((byte)255, whole.Length)]];
        foreach (var bytes in broken)
        {
            File.WriteAllBytes(path, bytes);
            Prepare();
            Assert.Equal(whole, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Other_weights_have_another_file()
    {
        Prepare();
        TestBundles.WriteWeights(
            folder.File("denoiser.safetensors"), Definition,
            change: weight => weight with { Values = () => weight.Values().ToArray().Select(value => -value).ToArray() });
        var changed = BundleWriter.Write(folder.Path, bundle.Manifest);
        var before = Run();
        Prepare(changed);
        Assert.Equal(2, Files().Length);
        Assert.NotEqual(before, Run(changed));
    }

    [Fact]
    public async Task Writers_at_the_same_time_leave_one_whole_file_and_no_part_of_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Prepare())));
        var file = Assert.Single(Files());
        Assert.Equal(file.FullName, Assert.Single(Directory.GetFiles(folder.File("prepared"))));
        Prepare();
        Assert.Equal(file.LastWriteTimeUtc, Assert.Single(Files()).LastWriteTimeUtc);
    }

    [Fact]
    public void What_a_killed_writer_left_is_deleted_when_it_is_old()
    {
        var left = Path.Combine(Directory.CreateDirectory(folder.File("prepared")).FullName, ".0123.partial.safetensors");
        File.WriteAllText(left, "half");
        Prepare();
        Assert.True(File.Exists(left));                                      // its writer may still be at work
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-2));
        Assert.Single(Files()).Delete();
        Prepare();
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Where_nothing_can_be_written_the_network_runs_all_the_same()
    {
        File.WriteAllText(folder.File("prepared"), "a file where the folder should be");
        var weights = new PreparedWeights([folder.File("prepared")], "denoiser", new('0', 64), PrecisionNames.Int8);
        using var stored = bundle.Weights("denoiser");
        var graph = new OnnxGraph(PrecisionNames.Int8);
        var forward = Definition.Build(new Scope(new OnnxWeights(graph, stored)));
        var recorded = graph.Finish(
            "test", Definition.Outputs, [.. forward([.. Definition.Inputs.Select(graph.Input)]).Cast<OnnxTensor>()]);
        Assert.False(weights.Prepare(recorded));
        Assert.NotEmpty(Run());
    }

    FileInfo[] Files() => [.. new DirectoryInfo(folder.File("prepared")).GetFiles("denoiser-int8-*.safetensors")];

    void Prepare(Bundle? other = null)
    {
        using var network = OnnxNetwork.Deferred(other ?? bundle, "denoiser", Recorded.OneThread, Definition, PrecisionNames.Int8);
        network.Prepare();
    }

    float[] Run(Bundle? other = null)
    {
        using var network = OnnxNetwork.Load(other ?? bundle, "denoiser", Recorded.OneThread, Definition, PrecisionNames.Int8);
        return network.Run(
            [
                Recorded.Noise(1, 2, 4, 16, 4), HostTensor.Of([3f, 500], 2), Recorded.Noise(2, 2, 16), Recorded.Noise(3, 2, 4, 16, 4),
            ])[0].Floats.ToArray();
    }
}
