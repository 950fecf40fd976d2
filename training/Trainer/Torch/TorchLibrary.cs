using System.Buffers.Binary;
using System.Text;
using Rewas.Clip.Files;

namespace Rewas.Trainer.Torch;

/// <summary>Lets TorchSharp load on systems whose libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04).</summary>
/// <remarks>
/// TorchSharp 0.107's <c>libLibTorchSharp.so</c> requires GLIBCXX_3.4.32 for one symbol, <c>std::ios_base_library_init()</c>. That
/// initialiser does nothing if libstdc++ initialises its streams itself. On an older system, the copy of the library beside the program is
/// patched in place: the symbol is replaced by a harmless function that exists (<c>sched_yield</c>), without a version, and the version
/// requirement becomes weak. Newer systems need no patch. Only programs that train or test with Torch call this.
/// </remarks>
public static class TorchLibrary
{
    const string MissingSymbol = "_ZSt21ios_base_library_initv", MissingVersion = "GLIBCXX_3.4.32", Substitute = "sched_yield";
    const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, VersionSymbols = 0x6fffffff;
    const ushort Weak = 2, GlobalVersion = 1;

    static readonly string[] SystemLibraries =
    [
        "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/lib64/libstdc++.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6",
    ];

    /// <summary>Call before the first use of TorchSharp. Does nothing if no patch is needed.</summary>
    public static void Prepare()
    {
        var native = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        var library = Path.Combine(native, "libLibTorchSharp.so");
        if (!OperatingSystem.IsLinux() || !File.Exists(library) || SystemLibraryHasVersion())
            return;
        var image = File.ReadAllBytes(library);
        if (!Mend(image))
            return;
        PartialFile.Write(library, "TorchSharp", file => file.Write(image));
        var leftOver = Path.Combine(native, "cpu");                             // TorchSharp's own copy after a failed load
        if (Directory.Exists(leftOver))
            Directory.Delete(leftOver, recursive: true);
    }

    static bool SystemLibraryHasVersion() =>
        SystemLibraries.FirstOrDefault(File.Exists) is not { } path
        || File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(MissingVersion)) >= 0;

    /// <summary>Patches the ELF-64 image as described at the class.</summary>
    /// <returns>False if there was nothing to patch.</returns>
    static bool Mend(Span<byte> image)
    {
        var sections = Sections(image);
        var (symbols, symbolBytes, link) = sections[DynamicSymbols];
        var names = sections[uint.MaxValue - link].Offset;
        var name = image.IndexOf(Encoding.ASCII.GetBytes(MissingSymbol + "\0"));
        if (name < 0)
            return false;

        Encoding.ASCII.GetBytes(Substitute + "\0").CopyTo(image[name..]);
        for (var i = 0; i < symbolBytes / 24; i++)                             // Elf64_Sym: st_name is its first word
            if (BinaryPrimitives.ReadUInt32LittleEndian(image[(symbols + i * 24)..]) == name - names)
                BinaryPrimitives.WriteUInt16LittleEndian(image[(sections[VersionSymbols].Offset + i * 2)..], GlobalVersion);

        for (var need = sections[VersionNeeds].Offset; ;)                      // Elf64_Verneed: count at 2, first Vernaux at 8, next at 12
        {
            var version = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 8)..]);
            for (var left = BinaryPrimitives.ReadUInt16LittleEndian(image[(need + 2)..]); left > 0; left--)
            {
                var at = names + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(version + 8)..]);
                if (image[at..].StartsWith(Encoding.ASCII.GetBytes(MissingVersion + "\0")))
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(version + 4)..], Weak);
                version += (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(version + 12)..]);
            }
            var next = (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 12)..]);
            if (next == 0)
                return true;
            need += next;
        }
    }

    // Keyed by section type, and by uint.MaxValue - index, because string tables share one type.
    static Dictionary<uint, (int Offset, int Bytes, uint Link)> Sections(ReadOnlySpan<byte> image)
    {
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[40..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
        var sections = new Dictionary<uint, (int, int, uint)>();
        for (var i = 0; i < count; i++)
        {
            var header = image[(table + i * 64)..];
            var section = (
                (int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
            sections[BinaryPrimitives.ReadUInt32LittleEndian(header[4..])] = section;
            sections[uint.MaxValue - (uint)i] = section;
        }
        return sections;
    }
}
