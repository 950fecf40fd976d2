using System.Diagnostics;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound.Wav;

namespace Rewas.Evaluation.Guards;

/// <summary>A program of the operating system that writes a WAV file: espeak-ng or fluidsynth.</summary>
static class SoundProgram
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs the program and reads its file.</summary>
    /// <param name="program">Its name, which is also the name of its Debian package.</param>
    /// <param name="arguments">Its arguments for a path of the output.</param>
    /// <returns>Mono, 16 kHz.</returns>
    /// <exception cref="InputFault">Precondition: the program is missing or fails.</exception>
    public static async Task<float[]> RunAsync(
        string program, Func<string, IReadOnlyList<string>> arguments, int sampleRate, CancellationToken cancellation)
    {
        using var folder = PrivateFolder.Create();
        var output = Path.Combine(folder.Path, "sound.wav");
        using var process = Start(program, arguments(output));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            await process.StandardOutput.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            if (process.ExitCode != 0 || !File.Exists(output))
                throw InputFault.Precondition(program, $"ended with code {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw InputFault.Precondition(program, $"did not end within {Limit.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        await using var file = File.OpenRead(output);
        return await WavFile.ReadAtAsync(file, sampleRate, new WavLimits { MaxDuration = TimeSpan.FromHours(1) }, program, cancellation);
    }

    static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start) ?? throw InputFault.Precondition(program, "cannot be started");
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw InputFault.Precondition(program, $"is not installed: apt-get install {program}", failure);
        }
    }
}
