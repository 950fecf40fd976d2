using System.CommandLine;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Library;
using Rewas.Networks.Onnx;
using Rewas.SoundLibrary;

namespace Rewas.Cli.Library;

/// <summary>The user's own library.</summary>
static class OwnLibrary
{
    /// <summary>Opens the library for searching and adding. The bundle's sound space is loaded when it is first needed.</summary>
    public static LibraryIndex Open(ParseResult arguments)
    {
        var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
        // A recording is one window. Several recordings at once use the processor better than several threads for one.
        return LibraryIndex.Open(LibraryPlace.Folder, () => BundleSoundSpace.Load(bundle, new OnnxOptions { Threads = 1 }));
    }

    /// <summary>Opens the library for reading and removing only.</summary>
    public static LibraryIndex Open() => LibraryIndex.Open(LibraryPlace.Folder);
}
