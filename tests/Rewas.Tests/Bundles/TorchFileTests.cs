using System.Diagnostics;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Bundles;

public sealed class TorchFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static string Fixture(string name) => Fixtures.Find($"checkpoints/{name}");

    [Theory]
    [InlineData("plain_zip.pt")]
    [InlineData("lightning_zip.ckpt")]
    [InlineData("with_optimizer.ckpt")]
    [InlineData("dataparallel.pt")]
    [InlineData("generator.pt")]
    [InlineData("legacy.pt")]
    public void Reads_the_values_of_every_type_stride_and_wrapper(string name)
    {
        string[] expected =
        [
            "conv.weight",
            "conv.bias",
            "steps",
            "half",
            "bf16",
            "double",
            "flag",
            "scalar",
            "transposed",
            "slice",
            "shared_a",
            "shared_b",
            "empty",
            "param",
        ];
        using var file = CheckpointFile.Open(Fixture(name));
        Assert.IsType<TorchFile>(file);
        Assert.Equal(expected.Order(), file.Tensors.Keys.Order());
        foreach (var tensor in file.Tensors.Values)
        {
            var values = ReferenceFile.Read("checkpoints/expected.npz", tensor.Name);
            Assert.Equal(values.Shape, tensor.Shape);
            if (values.Type == ElementType.Int64)
                Assert.Equal(Array.ConvertAll(values.Integers.ToArray(), value => (float)value), file.ReadFloats(tensor.Name));
            else
                Assert.Equal(values.Floats.ToArray(), file.ReadFloats(tensor.Name));
        }
    }

    [Fact]
    public void Refuses_a_program_by_the_name_that_it_would_call_and_runs_nothing()
    {
        var fault = Assert.Throws<InputFault>(() => CheckpointFile.Open(Fixture("malicious.pt")));
        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Matches(
            @"^malicious\.pt: asks for '(posix|os)\.system', which no file of tensors needs; nothing was executed$", fault.Message);
    }

    [Theory]
    [InlineData("truncated.ckpt", "truncated.ckpt: is truncated or damaged")]
    [InlineData("bad_header_length.safetensors", "header says")]
    [InlineData("bad_offsets.safetensors", "bad_offsets.safetensors")]
    public void Says_what_is_wrong_with_a_damaged_file_in_one_line(string name, string expected)
    {
        var fault = Assert.Throws<InputFault>(() => CheckpointFile.Open(Fixture(name)));
        Assert.Contains(expected, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("cbuiltins\neval\n.", "asks for 'builtins.eval'")]
    [InlineData("c__builtin__\ngetattr\n.", "asks for '__builtin__.getattr'")]
    [InlineData("\u008c\u0005posix\u008c\u0006system\u0093.", "asks for 'posix.system'")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n(K\u0001tR.", "is called in a way")]
    [InlineData("]K\u0001R.", "is called in a way")]
    [InlineData("(.", "a mark is found in place of a value")]
    [InlineData("R.", "the stack is empty")]
    [InlineData("h\u0007.", "nothing was kept under 7")]
    [InlineData("}]K\u0001s.", "key is neither a string nor a number")]
    [InlineData("i.", "opcode 0x69 is not one that")]
    [InlineData("X\u00ff\u00ff\u00ff\u007f", "is truncated")]
    [InlineData("}.", "holds no state dict")]
    public void Refuses_pickles_that_are_not_tables_of_tensors(string pickle, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputFault>(() => CheckpointFile.Open(Zip([.. pickle.Select(c => (byte)c)]))).Message);

    [Theory]
    [InlineData(0, new long[] { 3, 4 }, new long[] { 4, 1 }, null)]
    [InlineData(1, new long[] { 3, 4 }, new long[] { 4, 1 }, "reaches past its storage, which has 12 values")]
    [InlineData(0, new long[] { 4, 4 }, new long[] { 0, 1 }, "reaches past its storage, which has 12 values")]
    [InlineData(0, new long[] { 4611686018427387904, 4 }, new long[] { 4611686018427387904, 0 }, "reaches past its storage")]
    [InlineData(0, new long[] { 3 }, new long[] { 4, 1 }, "impossible shape")]
    public void A_view_must_lie_inside_its_storage(long offset, long[] shape, long[] strides, string? expected)
    {
        var path = folder.File("view.pt");
        TorchZip.Write(path, [new("x", shape, () => new float[12]) { Offset = offset, Strides = strides, StorageCount = 12 }]);
        if (expected is null)
            CheckpointFile.Open(path).Dispose();
        else
            Assert.Contains(expected, Assert.Throws<InputFault>(() => CheckpointFile.Open(path)).Message);
    }

    [Fact]
    public void A_list_that_many_calls_share_does_not_fill_the_memory()
    {
        // One list of 2,000 pairs, kept under 0, and 20,000 calls that each make a dictionary of it.
        var pickle = new MemoryStream();
        pickle.Write([0x80, 2, (byte)']', (byte)'q', 0, (byte)'(']);
        for (var i = 0; i < 2000; i++)
            pickle.Write([(byte)'X', 2, 0, 0, 0, (byte)(32 + i % 90), (byte)(32 + i / 90), (byte)'K', 1, 0x86]);
        pickle.Write([(byte)'e', (byte)'0', (byte)'(']);
        for (var i = 0; i < 20_000; i++)
            pickle.Write([.. "ccollections\nOrderedDict\n"u8, (byte)'h', 0, 0x85, (byte)'R']);
        pickle.Write("t."u8);
        var path = folder.File("shared.pt");
        TorchZip.WritePickle(path, pickle.ToArray());

        var (cost, failure) = Cost.Of(() => TorchFile.Open(path).Dispose());

        Assert.Contains("its calls copy", Assert.IsType<InputFault>(failure).Message, StringComparison.Ordinal);
        Assert.InRange(cost.AllocatedBytes, 0, 32L << 20);
    }

    [Fact]
    public void A_storage_that_the_file_does_not_hold_takes_no_memory()
    {
        var path = folder.File("strided.pt");
        TorchZip.Write(path, [new("weight", [2], () => [1f, 2f]) { Strides = [400_000_000], StorageCount = 500_000_000 }]);
        using var file = TorchFile.Open(path);
        var (cost, failure) = Cost.Of(() => file.Bytes("weight"));
        Assert.Contains("must have at least", Assert.IsType<InputFault>(failure).Message, StringComparison.Ordinal);
        Assert.InRange(cost.AllocatedBytes, 0, 1L << 20);
    }

    [Fact]
    public void Two_names_that_become_one_are_refused()
    {
        var path = folder.File("twice.pt");
        TorchZip.Write(path, [new("module.a", [1], () => new float[1]), new("_orig_mod.a", [1], () => new float[1])]);
        Assert.Equal(
            "twice.pt: holds 'a' twice, under different prefixes", Assert.Throws<InputFault>(() => CheckpointFile.Open(path)).Message);
    }

    /// <summary>
    /// However a file is damaged, reading it ends soon, with values or a fault, and takes no more memory than such a file could need.
    /// </summary>
    [Theory]
    [InlineData("plain_zip.pt", 1)]
    [InlineData("with_optimizer.ckpt", 2)]
    [InlineData("legacy.pt", 3)]
    [InlineData("ok.safetensors", 4)]
    [InlineData("malicious.pt", 5)]
    public void No_damage_makes_it_crash_hang_or_fill_the_memory(string name, int seed)
    {
        const int inputs = 2500, allocationFactor = 100, allocationRest = 1 << 20;
        var sound = File.ReadAllBytes(Fixture(name));
        var random = new Random(seed);
        var path = folder.File(name);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < inputs; round++)
        {
            var bytes = Damage(sound, random);
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = CheckpointFile.Open(path);
                foreach (var tensor in file.Tensors.Values)
                    file.ReadFloats(tensor.Name);
            }
            catch (InputFault fault)
            {
                Assert.DoesNotContain('\n', fault.Message);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, allocationFactor * bytes.Length + allocationRest);
        }
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(10), $"{inputs} inputs took {clock.Elapsed}");
    }

    static byte[] Damage(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = (byte)"(.0]}tRQbusaqrhj\u0080\u0085\u0086\u0087\u008a\u00ff"[random.Next(22)]; break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(1, 64), bytes.Count - at - 1)); break;
            }
        }
        return [.. bytes];
    }

    string Zip(byte[] pickle)
    {
        var path = folder.File("made.pt");
        TorchZip.WritePickle(path, pickle);
        return path;
    }
}
