using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;

namespace Rewas.Hosting;

public static class RunService
{
    /// <summary>Exit code for invalid options or an unusable bundle.</summary>
    public const int ExitCodeOfAFault = 2;

    /// <summary>
    /// Runs until the process is told to stop. Option errors are written to standard error, one line each, instead of a stack trace.
    /// </summary>
    /// <param name="settings">Of the command line: each must be of a section that the host reads.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app, CancellationToken cancellation = default,
        params IReadOnlyList<string> settings)
    {
        try
        {
            // Validate here, because the host would log a stack trace.
            if (SettingsSections.Faults(app.Configuration, app.Services.GetServices<SettingsSection>(), settings) is { Count: > 0 } wrong)
                throw new OptionsValidationException("", typeof(object), wrong);
            app.Services.GetService<IStartupValidator>()?.Validate();
            app.Services.LoadAll();
            ListenAddress.ThrowUnlessFree(app.Services.GetRequiredService<IOptions<RewasOptions>>().Value.Listen);
            if (app.Services.GetService<WebAddresses>() is { } web)
                ListenAddress.ThrowUnlessFree(web.Text, WebEndpoint.Setting);
            await app.RunAsync(cancellation);
            return 0;
        }
        catch (Exception exception) when (Faults(exception) is { Count: > 0 } faults)
        {
            foreach (var fault in faults.Distinct())                        // one setting may count for two services
                await Console.Error.WriteLineAsync(fault);
            return ExitCodeOfAFault;
        }
    }

    static List<string> Faults(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        InputFault fault => [fault.Message],
        // Kestrel's message: "Failed to bind to address ...: address already in use."
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } inUse => [$"Rewas:Listen: {inUse.Message}"],
        AggregateException { InnerExceptions: var all } when all.All(one => one is OptionsValidationException or InputFault) =>
            [.. all.SelectMany(Faults)],
        _ => [],
    };
}
