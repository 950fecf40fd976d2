using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Rewas.Hosting;

/// <summary>Finds settings that no options have, and values that cannot be what an option takes.</summary>
sealed class SettingsCheck(IReadOnlyList<SettingsSection> sections)
{
    /// <summary>Sections of ASP.NET Core.</summary>
    static readonly string[] HostSections = ["Kestrel", "Logging"];

    public IEnumerable<string> Faults(IConfiguration configuration) =>
        Tops.SelectMany(top => Leaves(configuration.GetSection(top)).SelectMany(Faults));

    /// <summary>Arguments must be --SECTION:NAME=VALUE, or the same in two, of sections that are read here.</summary>
    public IEnumerable<string> ArgumentFaults(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=');
            var name = (equals >= 0 ? arguments[i][..equals] : arguments[i]).TrimStart('-', '/');
            if (equals < 0 && (!arguments[i].StartsWith("--", StringComparison.Ordinal) || ++i == arguments.Count))
                yield return $"settings: must be written --SECTION:NAME=VALUE, but '{name}' is not";
            else if (!name.Contains(':') || !HostSections.Concat(Tops).Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
                yield return $"{name}: there is no such setting; there are sections {string.Join(", ", Tops)}";
        }
    }

    IEnumerable<string> Tops => sections.Select(section => section.Path.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase);

    static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section.GetChildren().ToList() is { Count: > 0 } children ? children.SelectMany(Leaves)
        : section.Path.Contains(':') ? [section]
        : [];

    IEnumerable<string> Faults(IConfigurationSection setting)
    {
        var owners = sections.Where(section => IsUnder(setting.Path, section.Path))
            .OrderByDescending(section => section.Path.Length)
            .ToList();
        owners.RemoveAll(
            owner => owner.Options == SettingsSection.Others && owners.Any(other => other.Path == owner.Path && other != owner));
        var type = owners.Select(owner => TypeOf(owner.Options, [.. setting.Path.Split(':').Skip(owner.Path.Split(':').Length)]))
            .FirstOrDefault(type => type is not null);
        if (type is null)
            yield return $"{setting.Path}: there is no such setting; there are "
                + $"{string.Join(", ", owners.SelectMany(owner => Names(owner.Options)).Distinct())}";
        else if (!string.IsNullOrEmpty(setting.Value) && !CanBe(type, setting.Value))
            yield return $"{setting.Path}: must be {Kind(type)}, but is "
                + $"'{(setting.Value.Length <= 40 ? setting.Value : setting.Value[..40] + "...")}'";
    }

    static bool IsUnder(string path, string section) =>
        path.Equals(section, StringComparison.OrdinalIgnoreCase) || path.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a setting is read into; null: nothing has its name.</summary>
    static Type? TypeOf(Type options, ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            return options;
        if (options != typeof(string) && options.IsAssignableTo(typeof(IEnumerable)))
            return typeof(string);                                           // its names are the user's
        return Settable(options).FirstOrDefault(IsNamed(names[0])) is { } property ? TypeOf(property.PropertyType, names[1..]) : null;
    }

    static Func<PropertyInfo, bool> IsNamed(string name) => property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    static IEnumerable<PropertyInfo> Settable(Type options) =>
        options == typeof(string)
            ? []
            : options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is { IsPublic: true });

    static IEnumerable<string> Names(Type options) => Settable(options).Select(property => property.Name);

    static bool CanBe(Type type, string value)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string) || !TypeDescriptor.GetConverter(plain).CanConvertFrom(typeof(string)))
            return true;
        try
        {
            TypeDescriptor.GetConverter(plain).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var plain when plain == typeof(bool) => "true or false",
        var plain when plain == typeof(TimeSpan) => "a time such as 00:00:30",
        var plain when plain == typeof(int) || plain == typeof(long) => "a whole number",
        var plain when plain == typeof(double) || plain == typeof(float) => "a number",
        { IsEnum: true } plain => $"one of {string.Join(", ", Enum.GetNames(plain))}",
        var plain => $"a {plain.Name}",
    };
}
