using System.Buffers.Binary;
using System.Text;
using Rewas.Bundles.Import;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Bundles.Import;

public sealed class SafeFormatTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Data_is_accepted()
    {
        SafeFormat.ThrowUnless(Written("a.safetensors", Tensors("{}")));
        SafeFormat.ThrowUnless(Written("vocab.json", "{\"a\": 1}"u8.ToArray()));
        SafeFormat.ThrowUnless(Written("merges.txt", "a b\nc d\n"u8.ToArray()));
    }

    [Theory]
    [InlineData("a.safetensors", "PK\u0003\u0004 a zip with a pickle in it, as torch.save writes it")]
    [InlineData("a.safetensors", "\u0080\u0002 a pickle")]
    [InlineData("a.safetensors", "<!doctype html> a page")]
    [InlineData("a.safetensors", "")]
    [InlineData("vocab.json", "[1, 2]")]
    [InlineData("vocab.json", "<html>")]
    [InlineData("merges.txt", "a \0 b")]
    [InlineData("a.bin", "anything")]
    public void Anything_else_is_refused(string name, string content) => Assert.Contains(
        name,
        Assert.Throws<InputFault>(() => SafeFormat.ThrowUnless(Written(name, Encoding.Latin1.GetBytes(content)))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_header_that_lies_about_its_length_is_refused()
    {
        var tensors = Tensors("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(tensors, 1000);
        Assert.Throws<InputFault>(() => SafeFormat.ThrowUnless(Written("a.safetensors", tensors)));
    }

    [Fact]
    public void The_files_of_clip_are_data_and_have_limits()
    {
        var clip = PublishedFiles.BuiltIn(PublishedFiles.Clip);
        Assert.True(clip.AreData);
        Assert.All(clip.Files, file => Assert.True(file.MostBytes > 0 && file.Url.Scheme == "https"));
        Assert.False(PublishedFiles.BuiltIn().AreData);
    }

    static byte[] Tensors(string header)
    {
        var bytes = new byte[sizeof(ulong) + header.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(sizeof(ulong)));
        return bytes;
    }

    string Written(string name, byte[] content)
    {
        File.WriteAllBytes(folder.File(name), content);
        return folder.File(name);
    }
}
