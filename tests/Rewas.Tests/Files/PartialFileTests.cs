using System.Text;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Tests.Files;

public sealed class PartialFileTests : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        File.WriteAllText(folder.File("out.bin"), "before");
        Assert.Throws<InvalidOperationException>(() => PartialFile.Write(folder.File("out.bin"), "output", stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("before", File.ReadAllText(folder.File("out.bin")));
        Assert.Equal(["out.bin"], Names());
    }

    [Fact]
    public void What_is_written_replaces_the_file_at_once()
    {
        File.WriteAllText(folder.File("out.bin"), "before");
        PartialFile.Write(folder.File("out.bin"), "output", stream =>
        {
            stream.Write("after"u8);
            Assert.Equal("before", File.ReadAllText(folder.File("out.bin")));
        });
        Assert.Equal("after", File.ReadAllText(folder.File("out.bin")));
        Assert.Equal(["out.bin"], Names());
    }

    [Fact]
    public void A_file_keeps_the_mode_of_what_it_replaces_unless_another_is_wanted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        File.WriteAllText(folder.File("keys"), "");
        File.SetUnixFileMode(folder.File("keys"), OwnerOnly | UnixFileMode.GroupRead);
        PartialFile.Write(folder.File("keys"), "keys", stream => stream.WriteByte(1));
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(folder.File("keys")));

        using (var file = PartialFile.Create(folder.File("keys"), "keys", OwnerOnly))
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(file.Path));        // before there is anything in it to read
            file.Complete();
        }
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder.File("keys")));
    }

    [Fact]
    public void What_a_killed_process_left_is_deleted_and_nothing_else()
    {
        _ = PartialFile.Create(folder.File("weights.safetensors"), "output");
        string[] others = [".hidden", "made.partial", "weights.safetensors"];
        foreach (var other in others)
            File.WriteAllText(folder.File(other), "");
        Assert.Equal(4, Names().Count);
        PartialFile.DeleteLeftOvers(folder.Path);
        Assert.Equal(others, Names());
    }

    [Fact]
    public async Task The_hash_of_a_file_is_that_of_its_bytes()
    {
        File.WriteAllBytes(folder.File("abc"), Encoding.ASCII.GetBytes("abc"));
        const string published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";   // FIPS 180-2, appendix B.1
        Assert.Equal(published, FileHash.Of(folder.File("abc")));
        Assert.Equal(published, await FileHash.OfAsync(folder.File("abc"), TestContext.Current.CancellationToken));
        Assert.Equal(FaultKind.Precondition, Assert.Throws<InputFault>(() => FileHash.Of(folder.File("none"))).Kind);
    }

    List<string> Names() => [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
