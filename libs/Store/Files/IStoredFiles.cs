using Rewas.Clip.Faults;

namespace Rewas.Store.Files;

/// <summary>Stores videos and results. Every replica must reach the same store.</summary>
public interface IStoredFiles
{
    /// <summary>Stores a copy of a file and replaces an existing one. The copy appears whole or not at all.</summary>
    /// <param name="key">Parts of lower-case letters, digits, "." and "-", separated by "/".</param>
    Task StoreAsync(string key, string path, CancellationToken cancellation);

    /// <summary>Opens a file for reading from its start.</summary>
    /// <exception cref="InputFault">NotFound: there is no such file.</exception>
    Task<Stream> OpenAsync(string key, CancellationToken cancellation);

    /// <summary>Deletes a file. A missing file is not an error.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);
}
