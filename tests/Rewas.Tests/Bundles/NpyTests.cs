using System.Text;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Tests.Networks.Onnx;

namespace Rewas.Tests.Bundles;

public sealed class NpyTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Write(string header, ReadOnlySpan<byte> data, byte version = 1)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        var path = folder.File("x.npy");
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. data]);
        return path;
    }

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        foreach (var tensor in (HostTensor[])[
            Recorded.Noise(1, 2, 3, 4),
            HostTensor.Of([1L, -2, long.MaxValue], 3),
            HostTensor.Of([7f]),
            HostTensor.Of(Array.Empty<float>(), 0, 3),
        ])
        {
            NpyFile.Write(folder.File("x.npy"), tensor);
            Assert.Equal(0, (File.ReadAllBytes(folder.File("x.npy")).Length - tensor.Floats.Length * 4 - tensor.Integers.Length * 8) % 64);
            Recorded.AssertEqual(tensor, NpyFile.Read(folder.File("x.npy")), 0);
        }
    }

    [Fact]
    public void Reads_what_NumPy_wrote()
    {
        Assert.Equal([2L, 512], NpyFile.Read(Fixtures.Find("clap_text_embed.npy")).Shape);
        var ids = NpyFile.Read(Fixtures.Find("clap_text_ids.npy"));
        Assert.Equal(ElementType.Int64, ids.Type);
    }

    [Fact]
    public void Converts_wider_and_narrower_types()
    {
        Recorded.AssertEqual(
            HostTensor.Of([1.5f], 1),
            NpyFile.Read(Write("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", BitConverter.GetBytes(1.5), version: 2)),
            0);
        Recorded.AssertEqual(
            HostTensor.Of([-3L], 1, 1),
            NpyFile.Read(Write("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 1), }\n", BitConverter.GetBytes(-3))),
            0);
        Recorded.AssertEqual(
            HostTensor.Of([200L]), NpyFile.Read(Write("{'descr': '|u1', 'fortran_order': False, 'shape': (), }\n", [200])), 0);
    }

    [Fact]
    public void Reorders_Fortran_order() =>
        Recorded.AssertEqual(
            HostTensor.Of([0L, 1, 2, 10, 11, 12], 2, 1, 3),
            NpyFile.Read(Write("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 1, 3), }\n", [0, 10, 1, 11, 2, 12])),
            0);

    [Theory]
    [InlineData(27)]
    [InlineData(60_000)]
    public void A_header_of_many_digits_is_read_in_one_pass(int digits)
    {
        var path = Write($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({new string('1', digits)}), x}}", [], version: 2);
        var (cost, failure) = Cost.Of(() => NpyFile.Read(path));
        Assert.IsType<InputFault>(failure);
        Assert.InRange(cost.ProcessorTime, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "more than 16 axes")]
    [InlineData("1,,1", "impossible size ''")]
    [InlineData("1 1", "impossible size '1 1'")]
    public void The_shape_is_a_tuple_of_numbers(string shape, string expected) => Assert.Contains(
        expected,
        Assert.Throws<InputFault>(() => NpyFile.Read(Write($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}", new byte[4])))
            .Message);

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "holds '|O'")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "holds '>f4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "takes 8 bytes, but 4 follow the header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "impossible size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "which is the limit")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "not one of a plain array")]
    [InlineData("{'descr': __import__('os'), }", "not one of a plain array")]
    public void Refuses_what_is_not_a_plain_array(string header, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputFault>(() => NpyFile.Read(Write(header, new byte[4]))).Message);

    [Fact]
    public void Refuses_files_that_are_absent_cut_or_too_long()
    {
        Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => NpyFile.Read(folder.File("none.npy"))).Kind);
        File.WriteAllText(folder.File("text.npy"), "hello, this is text");
        Assert.Contains("is not a .npy file", Assert.Throws<InputFault>(() => NpyFile.Read(folder.File("text.npy"))).Message);
        File.WriteAllBytes(folder.File("cut.npy"), [0x93, (byte)'N']);
        Assert.Contains("ends before", Assert.Throws<InputFault>(() => NpyFile.Read(folder.File("cut.npy"))).Message);
        NpyFile.Write(folder.File("long.npy"), Recorded.Noise(1, 100));
        Assert.Equal(
            "long.npy: has 528 bytes; the limit is 500",
            Assert.Throws<InputFault>(() => NpyFile.Read(folder.File("long.npy"), 500)).Message);
    }
}
