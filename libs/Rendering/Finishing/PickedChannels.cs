using Rewas.Video;

namespace Rewas.Rendering.Finishing;

/// <summary>Puts channels of several sounds into one file.</summary>
static class PickedChannels
{
    /// <param name="channels">Sounds of one rate and one length, each with the channel to take, from 0.</param>
    /// <param name="path">The file to write; the caller deletes it.</param>
    public static async Task<RawSound> WriteAsync(
        IReadOnlyList<(RawSound Sound, int Channel)> channels, string path, CancellationToken cancellation)
    {
        var result = new SampleFile(path, channels[0].Sound.SampleRate, channels.Count);
        var readers = channels.Select(picked => new SampleFile(picked.Sound.Path, picked.Sound.SampleRate, picked.Sound.Channels)
            .ReadAsync(cancellation).GetAsyncEnumerator(cancellation)).ToList();
        try
        {
            await using var writer = result.Create();
            while (await NextAsync())
            {
                var part = new float[readers[0].Current.Length / channels[0].Sound.Channels * channels.Count];
                for (var i = 0; i < part.Length; i++)
                {
                    var (from, frame) = (channels[i % channels.Count], i / channels.Count);
                    part[i] = readers[i % channels.Count].Current.Span[frame * from.Sound.Channels + from.Channel];
                }
                await writer.WriteAsync(part, cancellation);
            }
        }
        finally
        {
            foreach (var reader in readers)
                await reader.DisposeAsync();
        }
        return new(path, result.SampleRate, result.Channels) { Is24Bit = channels.All(picked => picked.Sound.Is24Bit) };

        async Task<bool> NextAsync()
        {
            var all = true;
            foreach (var reader in readers)
                all &= await reader.MoveNextAsync();
            return all;
        }
    }
}
