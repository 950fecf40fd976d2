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
    /// <summary>
    /// One that is searched and added to: what is heard is compared in the bundle's space, which is loaded when it is first needed.
    /// </summary>
    public static LibraryIndex Open(ParseResult arguments)
    {
        var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
        // A recording is one window: several at a time use the processor better than several threads for one.
        return LibraryIndex.Open(LibraryPlace.Folder, () => BundleSoundSpace.Load(bundle, new OnnxOptions { Threads = 1 }));
    }

    /// <summary>One that is only read or shortened.</summary>
    public static LibraryIndex Open() => LibraryIndex.Open(LibraryPlace.Folder);
}
