using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound;
using Rewas.Sound.Wav;

namespace Rewas.Evaluation.Guards;

/// <summary>
/// A folder of sounds that a bundle made, from which a guard can learn. Their labels are their own, so that they do not change on which
/// side a recording lies.
/// </summary>
sealed class MadeFolder
{
    readonly string folder;
    int count;

    /// <exception cref="InputFault">Invalid: the folder is not empty.</exception>
    public MadeFolder(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw InputFault.Invalid("keep", $"'{folder}' must be empty");
        this.folder = Directory.CreateDirectory(folder).FullName;
        File.WriteAllText(Index, "file,label,licence,author,url\n");
    }

    string Index => Path.Combine(folder, RecordingIndex.FileName);

    /// <param name="wave">16 kHz, mono.</param>
    /// <param name="kind">Of the scene whose curve and caption it has.</param>
    public async Task AddAsync(float[] wave, string kind, CancellationToken cancellation)
    {
        var file = $"made-{count++:0000}.wav";
        await WavFile.WriteAsync(
            Path.Combine(folder, file), new(wave, ClipTiming.SampleRate), WavEncoding.Pcm16, cancellation);
        await File.AppendAllTextAsync(Index, $"{file},made {kind},CC0,the bundle,{file}\n", cancellation);
    }
}
