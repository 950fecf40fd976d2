using Rewas.Bundles;
using Rewas.Library;
using Rewas.Networks.Onnx;
using Rewas.SoundLibrary;

namespace Rewas.Cli.Library;

/// <summary>The user's own library, opened when it is first needed.</summary>
/// <param name="bundle">Compares words with sounds.</param>
sealed class OwnLibraryOnce(string bundle) : IDisposable
{
    readonly Lazy<LibraryIndex> index = new(() => LibraryIndex.Open(
        LibraryPlace.Folder, () => BundleSoundSpace.Load(Bundle.Find(bundle), new OnnxOptions { Threads = 1 })));

    public LibraryIndex Index => index.Value;

    public void Dispose()
    {
        if (index.IsValueCreated)
            index.Value.Dispose();
    }
}
