using System.Text;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Bundles;

public sealed class SafetensorsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Write(string header, int dataBytes)
    {
        var path = folder.File("hostile.safetensors");
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[dataBytes]]);
        return path;
    }

    [Fact]
    public void Reads_the_values_of_a_file_from_PyTorch()
    {
        using var file = SafetensorsFile.Open(Fixtures.Find("checkpoints/ok.safetensors"));
        Assert.Equal(["conv.weight", "half", "steps", "bf16"], file.Tensors.Keys);
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var name in file.Tensors.Keys)
        {
            var values = ReferenceFile.Read("checkpoints/expected.npz", name);
            Assert.Equal(values.Shape, file.Tensors[name].Shape);
            if (values.Type == ElementType.Int64)
                Assert.Equal(Array.ConvertAll(values.Integers.ToArray(), value => (float)value), file.ReadFloats(name));
            else
                foreach (var (value, read) in values.Floats.ToArray().Zip(file.ReadFloats(name)))
                    Assert.Equal(value, read, Tolerance(file.Tensors[name].Type, value));
        }
    }

    /// <summary>
    /// The reference rounded its float32 values to bfloat16; this file truncated them. They differ in the last of 8 bits.
    /// </summary>
    static double Tolerance(StoredType type, float value) => type == StoredType.BFloat16 ? Math.Abs(value) / 128 : 0;

    [Theory]
    [InlineData("bad_header_length", "header says that it has 1099511627776 bytes; at most 472 fit")]
    [InlineData("bad_offsets", "tensor 'bf16': bytes 120 to 144 are outside the data, which has 128")]
    public void Names_what_is_wrong_with_a_damaged_file(string name, string message)
    {
        var fault = Assert.Throws<InputFault>(() => SafetensorsFile.Open(Fixtures.Find($"checkpoints/{name}.safetensors")));
        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Equal($"{name}.safetensors: {message}", fault.Message);
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlaps")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        12,
        "4 bytes before tensor 'b' belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "the last 4 bytes belong to no tensor")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "'a' occurs twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "F32 [3] takes 12 bytes, but 8 are given")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "bytes, but 0 are given")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "outside the data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "shape holds something else than sizes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape holds something else than sizes")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 4, "data_offsets holds something else than sizes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype 'F8_E4M3' is not one of F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks dtype, shape or its two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", 4, "'more' is unknown")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "metadata 'a' is not a string")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", 4, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32",""", 4, "not valid JSON")]
    [InlineData("[]", 0, "header is not an object")]
    [InlineData("", 0, "not valid JSON")]
    [InlineData("{\"\\ud800\":{}}", 0, "not valid JSON")]
    public void Refuses_a_header_that_does_not_describe_its_data(string header, int dataBytes, string expected)
    {
        var fault = Assert.Throws<InputFault>(() => SafetensorsFile.Open(Write(header, dataBytes)));
        Assert.Contains(expected, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_changed_byte_in_the_header_never_does_worse_than_a_fault()
    {
        var path = folder.File("fuzzed.safetensors");
        SafetensorsWriter.Write(
            path,
            [new("a.weight", [2, 3], () => new float[6]), new("b", [], () => new float[1])],
            metadata: new Dictionary<string, string> { ["k"] = "v" });
        var sound = File.ReadAllBytes(path);
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = sound.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var name in file.Tensors.Keys)
                    file.ReadFloats(name);
            }
            catch (InputFault)
            {
            }
        }
    }

    [Fact]
    public void Reads_back_what_it_wrote_and_keeps_values_aligned()
    {
        var path = folder.File("weights.safetensors");
        float[] values = [1.5f, -2.25f, 1e-3f, 65504f, 0, 3.14159f];
        foreach (var type in (StoredType[])[StoredType.Float32, StoredType.Float16])
        {
            SafetensorsWriter.Write(
                path,
                [new("layer.weight", [2, 3], () => values), new("scalar", [], () => new float[] { 7 })],
                type,
                new Dictionary<string, string> { ["made"] = "here" });
            using var file = SafetensorsFile.Open(path);
            Assert.Equal(type, file.Tensors["layer.weight"].Type);
            Assert.Equal([2L, 3], file.Tensors["layer.weight"].Shape);
            Assert.Equal(values.Select(value => type == StoredType.Float16 ? (float)(Half)value : value), file.ReadFloats("layer.weight"));
            Assert.Equal([7f], file.ReadFloats("scalar"));
            Assert.Equal("here", file.Metadata["made"]);
            Assert.Equal(0, file.Place("layer.weight").Offset % 64);
        }
    }

    [Fact]
    public void Leaves_nothing_behind_when_writing_fails()
    {
        var fault = Assert.Throws<InputFault>(() =>
            SafetensorsWriter.Write(
                folder.File("weights.safetensors"), [new("big", [1], () => new float[] { 70000 })], StoredType.Float16));
        Assert.Equal("big: value 70000 does not fit float16, whose limit is 65504", fault.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Says_that_a_file_is_absent_or_too_short()
    {
        Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => SafetensorsFile.Open(folder.File("none"))).Kind);
        File.WriteAllBytes(folder.File("short"), new byte[7]);
        Assert.Equal(
            "short: is no safetensors file: it has 7 bytes",
            Assert.Throws<InputFault>(() => SafetensorsFile.Open(folder.File("short"))).Message);
        Assert.Equal(FaultKind.Precondition, Assert.Throws<InputFault>(() => SafetensorsFile.Open(folder.Path)).Kind);
    }
}
