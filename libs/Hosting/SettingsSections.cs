using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>A part of the configuration that this process reads.</summary>
/// <param name="Path">"Rewas", "Rewas:Client".</param>
/// <param name="Options">What it is read into; string for a single setting.</param>
sealed record SettingsSection(string Path, Type Options)
{
    /// <summary>Any names.</summary>
    public static readonly Type Others = typeof(Dictionary<string, string>);
}

/// <summary>The parts of the configuration that a process reads. What is in them and means nothing is refused at the start.</summary>
public static class SettingsSections
{
    /// <summary>Options that are read from a section.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton(new SettingsSection(section, typeof(T)));
        return services.AddOptions<T>().BindConfiguration(section);
    }

    /// <summary>
    /// A section that another service of the same environment reads. What is in it counts for nothing here, and is no mistake.
    /// </summary>
    public static IServiceCollection AddOthersSettings(this IServiceCollection services, string section) =>
        services.AddSingleton(new SettingsSection(section, SettingsSection.Others));

    /// <summary>A single setting.</summary>
    public static IServiceCollection AddSetting(this IServiceCollection services, string path) =>
        services.AddSingleton(new SettingsSection(path, typeof(string)));

    /// <summary>
    /// What a section says before the host is built. Values that cannot be read are the defaults here; they are told when the host runs.
    /// </summary>
    public static T Read<T>(this IConfiguration configuration, string section) where T : new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>() ?? new();
        }
        catch (InvalidOperationException)
        {
            return new();
        }
    }

    /// <summary>What is wrong with the settings, one line each.</summary>
    internal static IReadOnlyList<string> Faults(IConfiguration configuration, IEnumerable<SettingsSection> sections,
        IReadOnlyList<string> arguments)
    {
        var check = new SettingsCheck(sections.Distinct().ToList());
        return [.. check.ArgumentFaults(arguments), .. check.Faults(configuration)];
    }
}
