using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rewas.Clip.Files;

namespace Rewas.Hosting;

/// <summary>
/// Deletes the temporary files that killed processes have left: uploads, copies, half-made files. Runs once, beside the start.
/// </summary>
sealed class LeftOverFolders(ILogger<LeftOverFolders> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            try
            {
                if (PrivateFolder.DeleteLeftOvers() is > 0 and var deleted)
                    log.LeftOversDeleted(deleted);
            }
            catch (Exception failure) when (FileFault.IsExpected(failure))
            {
                log.LeftOversStay(failure);
            }
        },
        stoppingToken);
}
