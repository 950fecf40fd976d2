using System.Text.Json.Nodes;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Bundles;

public sealed class BundleTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public BundleTests() => TestBundles.Write(folder.Path);

    public void Dispose() => folder.Dispose();

    InputFault FaultAfter(Action<JsonObject> change)
    {
        var path = folder.File(Bundle.ManifestFileName);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
        return Assert.Throws<InputFault>(() => Bundle.Open(folder.Path));
    }

    [Fact]
    public void Opens_what_was_written()
    {
        var bundle = Bundle.Open(folder.Path);
        Assert.Equal("rewas-test", bundle.Manifest.Name);
        Assert.Equal(TokenLayout.TrueTimes, bundle.Manifest.Timing.TokenLayout);
        Assert.Equal(new SamplerDefaults(20, 3, 1), bundle.Manifest.Sampler);
        Assert.Equal(0.5, bundle.Manifest.Metrics["video_to_energy_correlation"]);
        Assert.Equal(64, bundle.Sha256.Length);
        Assert.Equal(folder.File("vocoder.safetensors"), bundle.Path("vocoder.safetensors"));
        using var weights = bundle.Weights("vocoder");
        Assert.Contains("conv_pre.weight", weights.Tensors.Keys);
    }

    [Fact]
    public void Names_every_file_that_was_changed_or_is_missing()
    {
        File.WriteAllText(folder.File("extra.txt"), "abc");
        var written = BundleWriter.Write(folder.Path, TestBundles.Manifest);
        var path = folder.File("vocoder.safetensors");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.Delete(folder.File("extra.txt"));

        var fault = Assert.Throws<InputFault>(() => Bundle.Open(folder.Path));
        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Contains(
            $"file 'vocoder.safetensors' has SHA-256 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))}, "
            + $"but {written.Manifest.Files["vocoder.safetensors"].Sha256} is expected",
            fault.Message);
        Assert.Contains("file 'extra.txt' is missing", fault.Message);
        Assert.Equal("rewas-test", Bundle.Open(folder.Path, verify: false).Manifest.Name);

        File.WriteAllBytes(path, bytes[..^1]);
        Assert.Contains(
            $"has {bytes.Length - 1} bytes, but {bytes.Length} are expected",
            Assert.Throws<InputFault>(() => Bundle.Open(folder.Path)).Message);
    }

    [Fact]
    public void Names_all_faults_of_a_manifest_at_once()
    {
        var fault = FaultAfter(manifest =>
        {
            manifest["name"] = "../Evil";
            manifest["control"] = "loudness";
            manifest["latentScale"] = 0;
            manifest["sampler"]!["steps"] = 1001;
            manifest["timing"]!["frameSize"] = 0;
            manifest["timing"]!["firstFrame"] = 2;
            manifest["timing"]!["segmentStride"] = 7;
            manifest["networks"]!["vocoder"]!["file"] = "none";
            manifest["files"]!["../../etc/passwd"] = new JsonObject { ["sha256"] = "x", ["bytes"] = -1 };
        });
        string[] expected =
        [
            "name must be lower-case letters, digits and hyphens, at most 64, but is '../Evil'",
            "control must be energy or onset or energy+texture, but is 'loudness'",
            "latentScale must be above 0, but is 0",
            "sampler.steps must be from 1 to 1000, but is 1001",
            "timing.frameSize must be from 16 to 1024, but is 0",
            "timing.firstFrame must be 0 with tokens at true times, but is 2",
            "timing.segmentStride must be even with tokens at true times, but is 7",
            "network 'vocoder': file 'none' is not among files",
            "file '../../etc/passwd' must be a plain name",
            "sha256 must be 64",
            "bytes must not be negative, but is -1",
        ];
        Assert.All(expected, part => Assert.Contains(part, fault.Message));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("a\nb")]
    [InlineData("")]
    [InlineData("bundle.json")]
    public void Refuses_a_file_name_that_is_not_plain(string name)
    {
        var fault = FaultAfter(manifest => manifest["files"]![name] = new JsonObject { ["sha256"] = new string('0', 64), ["bytes"] = 0 });
        Assert.Contains("must be a plain name", fault.Message);
    }

    [Fact]
    public void Names_a_format_version_that_it_does_not_know() => Assert.Equal(
        "bundle.json: formatVersion 2 is not known; this version reads 1",
        FaultAfter(manifest =>
        {
            manifest["formatVersion"] = 2;
            manifest["another"] = true;
        }).Message);

    [Fact]
    public void A_sentence_encoder_is_a_text_encoder_without_weights_or_sizes()
    {
        JsonObject Sentences(string file = "", int? sizes = null) => new()
        {
            ["architecture"] = "minilm",
            ["configuration"] = sizes is null ? new JsonObject() : new JsonObject { ["channels"] = sizes },
            ["file"] = file,
        };
        Assert.Contains(
            "network 'vocoder': only text_encoder may be minilm",
            FaultAfter(manifest => manifest["networks"]!["vocoder"] = Sentences()).Message);
        TestBundles.Write(folder.Path);
        Assert.Contains(
            "minilm has no weights in a bundle, but file is 'vocoder.safetensors'",
            FaultAfter(manifest => manifest["networks"]!["text_encoder"] = Sentences("vocoder.safetensors")).Message);
        TestBundles.Write(folder.Path);
        Assert.Contains(
            "minilm has no configuration; it must be {}",
            FaultAfter(manifest => manifest["networks"]!["text_encoder"] = Sentences(sizes: 384)).Message);
        TestBundles.Write(folder.Path);
        Assert.Contains("network 'text_projection' is missing", FaultAfter(manifest =>
        {
            manifest["networks"]!["text_encoder"] = Sentences();
            manifest["networks"]!["audio_encoder"] = manifest["networks"]!["vocoder"]!.DeepClone();
        }).Message);
        TestBundles.Write(folder.Path);
        Assert.Contains("network 'vocoder' is null", FaultAfter(manifest => manifest["networks"]!["vocoder"] = null).Message);
    }

    [Fact]
    public void Names_members_that_are_missing_unknown_null_or_of_the_wrong_type()
    {
        Assert.Contains("licence", FaultAfter(manifest => manifest.Remove("licence")).Message);
        Assert.Contains("formatVersion", FaultAfter(manifest => manifest.Remove("formatVersion")).Message);
        TestBundles.Write(folder.Path);
        Assert.Contains("licenses", FaultAfter(manifest => manifest["licenses"] = "x").Message);
        TestBundles.Write(folder.Path);
        Assert.Equal(FaultKind.Precondition, FaultAfter(manifest => manifest["timing"] = null).Kind);
        TestBundles.Write(folder.Path);
        Assert.Contains("latentScale", FaultAfter(manifest => manifest["latentScale"] = "1").Message);
        TestBundles.Write(folder.Path);
        Assert.Equal(FaultKind.Precondition, FaultAfter(manifest => manifest["files"]!["vocoder.safetensors"] = null).Kind);
        TestBundles.Write(folder.Path);
        Assert.Equal(FaultKind.Precondition, FaultAfter(manifest => manifest["networks"]!["vocoder"]!["file"] = null).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("""{"formatVersion":1,"formatVersion":1}""")]
    [InlineData("""{"formatVersion":1.5}""")]
    public void Refuses_a_manifest_that_is_none(string text)
    {
        File.WriteAllText(folder.File(Bundle.ManifestFileName), text);
        var fault = Assert.Throws<InputFault>(() => Bundle.Open(folder.Path));
        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Refuses_a_manifest_over_the_size_limit()
    {
        File.WriteAllBytes(folder.File(Bundle.ManifestFileName), new byte[(1 << 20) + 1]);
        Assert.Equal(
            "bundle.json: has 1048577 bytes; the limit is 1048576", Assert.Throws<InputFault>(() => Bundle.Open(folder.Path)).Message);
    }

    [Fact]
    public void Finds_a_bundle_by_its_folder_and_lists_where_it_looked()
    {
        Assert.Equal(folder.Path, Bundle.Find(folder.Path).Directory);
        var fault = Assert.Throws<InputFault>(() => Bundle.Find("no-such-bundle"));
        Assert.Equal(FaultKind.NotFound, fault.Kind);
        Assert.Contains(Path.Combine("rewas", "models", "no-such-bundle"), fault.Message);
        Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => Bundle.Find("../no-such-bundle")).Kind);
        Assert.Equal(FaultKind.Invalid, Assert.Throws<InputFault>(() => Bundle.Find(" ")).Kind);
    }

    [Fact]
    public void Lists_its_networks_when_asked_for_one_that_it_lacks()
    {
        var bundle = Bundle.Open(folder.Path);
        Assert.Equal(
            "network: bundle 'rewas-test' has no network 'denoiser'; it has vocoder",
            Assert.Throws<InputFault>(() => bundle.Network("denoiser")).Message);
        Assert.Throws<InputFault>(() => bundle.Path("../bundle.json"));
    }
}
